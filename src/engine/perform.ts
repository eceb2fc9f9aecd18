import { kindOf, type Address } from "../core/address.ts";
import { holesOf, type EntriesHole, type ListHole } from "../core/body.ts";
import { digestDesired, type Comparison, type Resolved } from "../core/compare.ts";
import type { Desired } from "../core/desired.ts";
import { eachDeclared } from "../core/diff.ts";
import { fieldKey } from "../core/desired.ts";
import type { Inventory, Owned } from "../core/inventory.ts";
import { groupBy } from "../core/group.ts";
import { mergeFields, type Outcome } from "../core/journal.ts";
import { isObject, type Json, type JsonObject } from "../core/json.ts";
import type { Created, Kind, Kinds, Reader, Scope } from "../core/kind.ts";
import type { Found } from "../core/live.ts";
import type { Step, StepId, WaitStep, WriteStep } from "../core/plan.ts";
import type { Digest, DigestKey, Secret } from "../core/secret.ts";
import { targetsOf } from "../core/steps.ts";
import type { Value } from "../core/value.ts";
import { fillBody } from "../http/body.ts";
import { interrupted, type Content, type Writer } from "../http/client.ts";
import { CallError } from "../http/failure.ts";
import type { World } from "../world/world.ts";
import { stepFailed, type Announce } from "./execute.ts";
import { refuseStale } from "./refuse-stale.ts";
import { resolveValue, type Sources } from "./resolve.ts";

export type PerformInput = {
  readonly world: World;
  readonly reader: Reader;
  readonly writer: Writer;
  readonly kinds: Kinds;
  readonly scope: Scope;
  readonly key: DigestKey;
  readonly desired: ReadonlyMap<Address, Desired>;
  /** What the plan read; objects that are being replaced are left out once they are deleted. */
  readonly found: ReadonlyMap<Address, Found>;
  readonly sources: Sources;
  /** When the plan read the accounts. */
  readonly readAt: number;
  readonly inventory: Inventory;
};

type Entry = { readonly entry: string; readonly value: Secret | "generate" };

const sendTries = 4;
const firstPoll = 3_000;
const longestPoll = 15_000;

/**
 * Does single steps. It remembers what this run made (ids, first deploys) and reads an object again when this run has
 * written to it, so that a value is always taken from what is there now.
 */
export class Performer {
  readonly #input: PerformInput;
  readonly #found: Map<Address, Found>;
  readonly #stale = new Set<Address>();
  readonly #deploys = new Map<Address, string>();
  readonly #owned = new Map<Address, Owned>();
  readonly #written = new Set<Address>();
  readonly #wrote = new Set<StepId>();

  constructor(input: PerformInput) {
    this.#input = input;
    this.#found = new Map(input.found);
    for (const [address, owned] of Object.entries(input.inventory.resources) as [Address, Owned][]) this.#owned.set(address, owned);
  }

  async perform(step: Step, announce: Announce): Promise<Outcome> {
    switch (step.step) {
      case "wait":
        await this.#wait(step);
        return { status: "done", owned: this.#owned.get(step.address) ?? null };
      case "record":
        return this.#record(step.address, step.verb, step.fields);
      case "write":
        return this.#write(step, announce);
      default:
        return step satisfies never;
    }
  }

  async #wait(step: WaitStep): Promise<void> {
    const { world, reader } = this.#input;
    const readiness = this.#kind(step.address).readiness;
    const id = this.#idOf(step.address);
    const until = world.now() + step.timeout;
    for (let pause = firstPoll; readiness; pause = Math.min(longestPoll, pause * 1.2)) {
      const state = await readiness.check(reader, id);
      if (state === "ready") return;
      if (state !== "waiting") throw stepFailed(step.address, "not-ready", `${step.address} will not become ${step.until}: ${state.failed}.`, "Look at it in Render's dashboard, then run again.");
      if (world.stop.aborted) throw interrupted();
      if (world.now() >= until) {
        const minutes = Math.round(step.timeout / 60_000);
        throw stepFailed(step.address, "not-ready", `${step.address} did not become ${step.until} within ${minutes} minutes.`, "Look at it in Render's dashboard; run again when it is.");
      }
      await world.sleep(pause);
    }
  }

  async #record(address: Address, verb: "adopt" | "forget" | "converge", keys: readonly string[]): Promise<Outcome> {
    if (verb === "forget") return this.#done(address, null);
    const fields = await this.#digests(address, keys);
    const gone = keys.filter((key) => !this.#isDeclared(address, key));
    return this.#done(address, this.#ownedAfter(address, fields, gone));
  }

  /** Nobody gave the only value that a step would write, or nothing was written that an optional deploy would be for. */
  async #isNeedless(step: WriteStep): Promise<boolean> {
    if (step.verb === "deploy") return step.optional && !this.#written.has(step.address) && !step.needs.some((id) => this.#wrote.has(id));
    const holes = step.verb === "update" ? holesOf(step.write.body) : [];
    await this.#refreshTargets(step);
    for (const hole of holes) {
      if (hole.hole !== "value" || (await this.#resolveHole(step, hole.place, hole.value)).state !== "left") return false;
    }
    return holes.length > 0;
  }

  async #write(step: WriteStep, announce: Announce): Promise<Outcome> {
    if (await this.#isNeedless(step)) {
      return { status: "done", owned: this.#owned.get(step.address) ?? null };
    }
    const began = this.#input.world.now();
    const { method, budgets } = step.write;
    const path = this.#fillPath(step);
    const name = this.#input.desired.get(step.address)?.name ?? this.#owned.get(step.address)?.name ?? "";
    let announced = false;
    const content = async (): Promise<Content> => {
      await this.#refuseStale(step);
      const made = await this.#makeContent(step);
      if (!announced) await announce({ method, path, verb: step.verb, name });
      announced = true;
      return made;
    };
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await this.#input.writer.send({ method, path, budgets, content });
        return await this.#finish(step, answer);
      } catch (error) {
        const settled = await this.#settle(step, error, began, attempt);
        if (settled !== "again") return settled;
        await this.#input.world.sleep(1_000 * 2 ** attempt);
      }
    }
  }

  /**
   * What a failed call means. A delete of what is gone is done; a cancel that came too late is done. When the answer was
   * lost, a create is looked up by name and a deploy by its time before anything is sent again; all other writes set a
   * value and may be repeated.
   */
  async #settle(step: WriteStep, error: unknown, began: number, attempt: number): Promise<Outcome | "again"> {
    if (!(error instanceof CallError)) throw error;
    if (step.verb === "delete" && (error.status === 404 || error.status === 410)) return this.#finish(step, undefined);
    if (step.verb === "cancel" && error.status !== undefined && error.status < 500) return this.#finish(step, undefined);
    if (error.reached === "no") throw error;
    if (step.verb === "create") {
      const made = await this.#lookUp(step);
      if (made) return this.#finishCreate(step, { id: made.id, carried: await this.#lookUpCarried(step) });
    }
    const { deploys } = this.#kind(step.address);
    if (step.verb === "deploy" && (await deploys?.started(this.#input.reader, this.#idOf(step.address), began))) return this.#finish(step, undefined);
    if (attempt >= sendTries || this.#input.world.stop.aborted) throw error;
    return "again";
  }

  async #lookUp(step: WriteStep): Promise<Found | undefined> {
    const { desired, reader, scope } = this.#input;
    const name = desired.get(step.address)?.name ?? "";
    const owned = new Set([...this.#owned.values()].map((one) => one.id));
    const candidates = (await this.#kind(step.address).findByName(reader, scope, [name])).filter((one) => one.name === name && !owned.has(one.id));
    if (candidates.length <= 1) return candidates[0];
    const ids = candidates.map((one) => one.id).join(", ");
    throw stepFailed(
      step.address,
      "uncertain-create",
      `The answer to creating ${step.address} was lost, and the workspace now has ${candidates.length} objects of that name: ${ids}.`,
      "Delete the wrong ones in Render's dashboard, then run again.",
    );
  }

  async #lookUpCarried(step: WriteStep): Promise<{ readonly [address: Address]: string }> {
    const { desired, reader, scope } = this.#input;
    const ids = (step.carries ?? []).map(async (address) => {
      const name = desired.get(address)?.name ?? "";
      const made = (await this.#kind(address).findByName(reader, scope, [name])).find((one) => one.name === name);
      return [address, made?.id] as const;
    });
    return Object.fromEntries((await Promise.all(ids)).filter((pair): pair is readonly [Address, string] => pair[1] !== undefined));
  }

  async #finish(step: WriteStep, answer: unknown): Promise<Outcome> {
    if (step.verb === "create") {
      const carried = (step.carries ?? []).flatMap((address) => this.#input.desired.get(address) ?? []);
      return this.#finishCreate(step, this.#kind(step.address).created(answer, carried));
    }
    if (step.verb === "delete") {
      this.#found.delete(step.address);
      return this.#done(step.address, null);
    }
    this.#stale.add(step.address);
    this.#written.add(step.address);
    this.#wrote.add(step.id);
    return this.#done(step.address, this.#ownedAfter(step.address, await this.#digests(step.address, step.fields), step.removed));
  }

  async #finishCreate(step: WriteStep, created: Created): Promise<Outcome> {
    if (created.deployId !== undefined) this.#deploys.set(step.address, created.deployId);
    const owned = await this.#ownNew(step.address, created.id, step.fields);
    const carried: { [address: Address]: Owned } = {};
    for (const [address, id] of Object.entries(created.carried ?? {}) as [Address, string][]) {
      const declared = this.#input.desired.get(address);
      const keys = declared ? eachDeclared(declared, this.#kind(address).fields).map((one) => fieldKey(one.name, one.entry)) : [];
      carried[address] = await this.#ownNew(address, id, keys);
    }
    return { status: "done", owned, ...(step.carries && { carried }) };
  }

  async #ownNew(address: Address, id: string, keys: readonly string[]): Promise<Owned> {
    this.#found.set(address, { id, name: this.#input.desired.get(address)?.name ?? "", spec: {}, outputs: {}, raw: {} });
    this.#owned.delete(address);
    this.#stale.add(address);
    const owned = this.#ownedAfter(address, await this.#digests(address, keys), []);
    this.#owned.set(address, owned);
    return owned;
  }

  #done(address: Address, owned: Owned | null): Outcome {
    if (owned) this.#owned.set(address, owned);
    else this.#owned.delete(address);
    return { status: "done", owned };
  }

  #ownedAfter(address: Address, fields: { readonly [key: string]: Digest }, removed: readonly string[]): Owned {
    const before = this.#owned.get(address);
    const desired = this.#input.desired.get(address);
    return {
      kind: kindOf(address),
      id: this.#idOf(address),
      name: desired?.name ?? before?.name ?? "",
      fields: mergeFields(before, fields, removed),
      needs: desired?.needs ?? before?.needs ?? [],
      protect: desired?.lifecycle.protect ?? before?.protect ?? false,
    };
  }

  async #digests(address: Address, keys: readonly string[]): Promise<{ readonly [key: string]: Digest }> {
    const desired = this.#input.desired.get(address);
    if (!desired) return {};
    const wanted = new Set(keys);
    const digests: { [key: string]: Digest } = {};
    for (const declared of eachDeclared(desired, this.#kind(address).fields)) {
      const key = fieldKey(declared.name, declared.entry);
      if (!wanted.has(key)) continue;
      const resolved = declared.field.value ? await this.#resolve(address, declared, declared.value as Value) : undefined;
      const isLeftOut = resolved?.state === "left" && (declared.value as Value).from === "asked" && !this.#hasEntry(address, declared);
      const comparison: Comparison = { desired, owned: undefined, key: this.#input.key, resolved: new Map(resolved ? [[key, resolved]] : []) };
      const digest = isLeftOut ? undefined : digestDesired(comparison, declared.field, declared.name, declared.entry, declared.value);
      if (digest !== undefined) digests[key] = digest;
    }
    return digests;
  }

  #hasEntry(address: Address, place: { readonly name: string; readonly entry?: string }): boolean {
    const field = this.#found.get(address)?.spec[place.name];
    return isObject(field) && place.entry !== undefined && Object.hasOwn(field, place.entry);
  }

  #isDeclared(address: Address, key: string): boolean {
    const desired = this.#input.desired.get(address);
    return desired !== undefined && eachDeclared(desired, this.#kind(address).fields).some((one) => fieldKey(one.name, one.entry) === key);
  }

  async #refuseStale(step: WriteStep): Promise<void> {
    const found = this.#found.get(step.address);
    const { reader, scope, key, world, readAt } = this.#input;
    const age = world.now() - readAt;
    if (found) await refuseStale({ step, kind: this.#kind(step.address), found, reader, scope, key, age });
  }

  async #makeContent(step: WriteStep): Promise<Content> {
    const { body } = step.write;
    if (body === undefined) return { secrets: [] };
    const resolved = new Map<string, Resolved>();
    const entries = new Map<EntriesHole, readonly Entry[]>();
    const lists = new Map<ListHole, readonly Json[]>();
    await this.#refreshTargets(step);
    for (const hole of holesOf(body)) {
      if (hole.hole === "value") resolved.set(`${hole.place.address} ${hole.place.field}`, await this.#resolveHole(step, hole.place, hole.value));
      if (hole.hole === "entries") entries.set(hole, await this.#listEntries(step, hole));
      if (hole.hole === "list") lists.set(hole, await this.#listItems(hole));
    }
    return fillBody(body, {
      id: (address) => this.#idOf(address),
      value: (value, place) => {
        const known = resolved.get(`${place.address} ${place.field}`);
        if (known?.state === "known") return known.secret;
        return value.from === "generated" ? "generate" : undefined;
      },
      entries: (hole) => entries.get(hole) ?? [],
      list: (hole) => lists.get(hole) ?? [],
    });
  }

  /** What a replace-all sends: everything that is live now, read for this call, with the changes on top. */
  async #listEntries(step: WriteStep, hole: EntriesHole): Promise<readonly Entry[]> {
    const { reader, scope } = this.#input;
    const found = this.#found.get(hole.of);
    const spec = found && (await this.#kind(hole.of).facets[hole.field]?.(reader, found, scope));
    const live = (spec?.[hole.field] ?? {}) as { readonly [entry: string]: Secret };
    const entries = new Map<string, Entry["value"]>(Object.entries(live).filter(([entry]) => !hole.removed.includes(entry)));
    for (const [entry, value] of Object.entries(hole.set)) {
      const resolved = await this.#resolveHole(step, { address: hole.of, field: fieldKey(hole.field, entry) }, value);
      if (resolved.state === "known") entries.set(entry, resolved.secret);
      else if (value.from === "generated" && !entries.has(entry)) entries.set(entry, "generate");
    }
    return [...entries].map(([entry, value]) => ({ entry, value }));
  }

  async #listItems(hole: ListHole): Promise<readonly Json[]> {
    const { reader, scope } = this.#input;
    const found = this.#found.get(hole.of);
    const spec = found && (await this.#kind(hole.of).facets[hole.field]?.(reader, found, scope));
    const keyOf = (item: JsonObject): string => hole.key.map((member) => String(item[member])).join(" ");
    const left = new Set([...hole.removed, ...hole.declared.map((item) => keyOf(item as JsonObject))]);
    const live = (spec?.[hole.field] ?? []) as readonly JsonObject[];
    return [...hole.declared, ...live.filter((item) => !left.has(keyOf(item)))];
  }

  async #resolveHole(step: WriteStep, place: { readonly address: Address; readonly field: string }, value: Value): Promise<Resolved> {
    const [name, ...entry] = place.field.split(".");
    const resolved = await this.#resolve(place.address, { name: name!, entry: entry.length > 0 ? entry.join(".") : undefined }, value);
    if (resolved.state === "missing") throw stepFailed(step.address, resolved.problem.code, resolved.problem.message, resolved.problem.remedy);
    if (resolved.state === "later" && value.from !== "generated") {
      throw stepFailed(step.address, "value-not-there", `${place.field} of ${step.address} needs a value that does not exist yet.`, "Run again; if it stays, report this.");
    }
    return resolved;
  }

  #resolve(address: Address, place: { readonly name: string; readonly entry?: string | undefined }, value: Value): Promise<Resolved> {
    const { kinds, reader, sources, desired } = this.#input;
    const input = { kinds, reader, sources, desired, found: (of: Address) => this.#found.get(of) };
    return resolveValue(input, address, { name: place.name, entry: place.entry }, value);
  }

  /** Objects that this run made or wrote to are read again before their outputs are used. */
  async #refreshTargets(step: WriteStep): Promise<void> {
    const { reader, scope } = this.#input;
    for (const [address, targets] of groupBy(targetsOf(step.write), (target) => target.address)) {
      const before = this.#found.get(address);
      if (!before || !this.#stale.has(address)) continue;
      const kind = this.#kind(address);
      const found = await kind.findById(reader, before.id);
      if (!found) continue;
      const needsVariables = targets.some((target) => target.field?.startsWith("envVars."));
      const variables = needsVariables ? await kind.facets["envVars"]?.(reader, found, scope) : undefined;
      this.#found.set(address, { ...found, spec: { ...found.spec, ...variables } });
    }
  }

  #fillPath(step: WriteStep): string {
    return step.write.path.replaceAll(/\{([^}#]+)(?:#(deploy|environment))?\}/gu, (_whole, address: Address, part: string | undefined) => {
      const text = part === "deploy" ? this.#deploys.get(address) : part === "environment" ? this.#found.get(address)?.environmentId : this.#idOf(address);
      if (text === undefined) throw stepFailed(step.address, "value-not-there", `The ${part === "deploy" ? "first deploy" : "environment"} of ${address} is not known.`, "Run again.");
      // The id of what stands inside another object is its path: the slashes stay.
      return text.split("/").map((segment) => encodeURIComponent(segment)).join("/");
    });
  }

  #idOf(address: Address): string {
    const id = this.#found.get(address)?.id ?? this.#owned.get(address)?.id;
    if (id === undefined) throw stepFailed(address, "value-not-there", `${address} has no id yet.`, "Run again; if it stays, report this.");
    return id;
  }

  #kind(address: Address): Kind {
    const kind = this.#input.kinds.get(kindOf(address));
    if (!kind) throw new Error(`no such kind: ${kindOf(address)}`);
    return kind;
  }
}
