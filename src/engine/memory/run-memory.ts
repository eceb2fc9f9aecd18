import { kindOf, type Address } from "../../core/base/address.ts";
import type { Comparison, Resolved } from "../../core/compare/comparison.ts";
import { sourcesAfter } from "../../core/compare/sources.ts";
import { digestDesired } from "../../core/compare/field-change.ts";
import { fieldKey } from "../../core/model/desired.ts";
import { eachDeclared, keysDeclared } from "../../core/model/declared.ts";
import type { FileId } from "../../core/model/file-identity.ts";
import { groupBy } from "../../core/base/group.ts";
import type { Former, Owned, NewObject } from "../../core/model/inventory.ts";
import { isObject } from "../../core/base/json.ts";
import { listHandGiven } from "../../core/diff/goes-for-good.ts";
import { mergeFields } from "../../core/run/journal.ts";
import { findKind } from "../../core/kind/find-kind.ts";
import type { Kind } from "../../core/kind/kind.ts";
import type { Wanted } from "../../core/kind/scope.ts";
import type { Reader } from "../../core/kind/reader.ts";
import type { Found } from "../../core/model/live.ts";
import { pendingParts } from "../../core/run/pending.ts";
import type { WriteStep } from "../../core/model/plan.ts";
import { digestOf, type Digest } from "../../core/base/digest.ts";
import { Secret } from "../../core/base/secret.ts";
import { followTargets } from "../../core/rotation/destinations.ts";
import { type Value, variableOf } from "../../core/model/value.ts";
import type { Writer } from "../../http/client.ts";
import { CreationMemory } from "./creation-memory.ts";
import { stepFailed } from "./step-failed.ts";
import { EffectNotes } from "./effect-notes.ts";
import type { PerformInput } from "./perform-input.ts";
import { ShownOnceMemory } from "./shown-once-memory.ts";
import { liveEntry, resolveValue, type ResolveInput } from "./resolve.ts";

/**
 * What a run knows while it works: what the plan read, what the run has made (ids, first deploys), and what it owns by now. An
 * object that the run has written to is read again before its outputs are used, so that values are always the live ones.
 */
export class RunMemory {
  readonly input: PerformInput;
  /** The live objects by address: those of the plan, without what was deleted, with what was made. */
  readonly found: Map<Address, Found>;
  /** What the state owns by now. */
  readonly owned = new Map<Address, Owned>();
  /** The id of the deploy that Render started when this run created the service. */
  readonly deploys = new Map<Address, string>();
  /** What was made to take another's place and is not there yet. */
  readonly newObjects: Map<Address, NewObject>;
  /** What has stepped aside, or is about to, in the order of `pending.formers`. */
  readonly formers: Map<Address, readonly Former[]>;
  readonly creations: CreationMemory;
  /** The newest deploy before the one that this run asked for, by service; `null` when there was none. */
  readonly deploysBefore = new Map<Address, string | null>();
  /** The newest job before the one that this run started, by service; `null` when there was none. */
  readonly jobsBefore = new Map<Address, string | null>();
  /** Ids of the exports that existed before this run began one, by the id of the database. */
  readonly exportsBefore = new Map<string, ReadonlySet<string>>();
  readonly shownOnce: ShownOnceMemory;
  readonly #stale = new Set<Address>();
  /** The values that were sent, by address and field: the digest in the inventory is made from them and not from a later value. */
  readonly #sent = new Map<string, Resolved>();
  /** Which deploys of the plan are needed. */
  readonly effects: EffectNotes;
  /** Fields that calls of this run have written or removed, as `address key`. */
  readonly #written = new Set<string>();

  constructor(input: PerformInput) {
    this.input = input;
    this.effects = new EffectNotes(input.inventory);
    this.found = new Map(input.found);
    for (const [address, owned] of Object.entries(input.inventory.resources) as [Address, Owned][])
      this.owned.set(address, owned);
    this.newObjects = pendingParts(input.inventory, "successor");
    this.formers = pendingParts(input.inventory, "formers");
    this.creations = new CreationMemory(input);
    this.shownOnce = new ShownOnceMemory(input);
  }

  /** This run made the object, or found what an earlier creation made. It is read again before its outputs are used. */
  noteCreated(address: Address, id: string): void {
    this.found.set(address, {
      id,
      name: this.input.desired.get(address)?.name ?? "",
      spec: {},
      outputs: {},
      raw: {},
    });
    this.owned.delete(address);
    this.#stale.add(address);
  }

  /** A call of this step was done: its object is read again before its outputs are used. */
  noteWritten(step: WriteStep): void {
    this.#stale.add(step.address);
    for (const key of step.fields) this.#written.add(`${step.address} ${key}`);
  }

  /** Whether a call of this run has written or removed the field. */
  hasWritten(address: Address, key: string): boolean {
    return this.#written.has(`${address} ${key}`);
  }

  /** What a kind's list has to show, including objects that this run made and the stored inventory does not know yet. */
  wanted(): Wanted {
    const { desired, inventory } = this.input;
    return {
      resources: [...desired.values()],
      inventory: { ...inventory, resources: Object.fromEntries(this.owned) },
    };
  }

  /** A live value was taken over into a call, as if the file had given it. */
  noteSent(address: Address, field: string, secret: Secret): void {
    this.#sent.set(`${address} ${field}`, { state: "known", secret });
  }

  /** All secrets that this run has read or sent: logs are scrubbed of them. */
  secrets(): readonly Secret[] {
    const sent = [...this.#sent.values()].flatMap((one) => (one.state === "known" ? [one.secret] : []));
    const values = [...this.found.values()].flatMap(({ spec }) => Object.values(spec));
    const read = values.flatMap((value) => (isObject(value) ? Object.values(value) : []));
    return [
      ...sent,
      ...this.shownOnce.secrets(),
      ...[...values, ...read].filter((value) => value instanceof Secret),
    ];
  }

  /** The file that declares the address, or that declared it last. */
  fileOf(address: Address): FileId | undefined {
    return this.input.declaring.get(address) ?? this.owned.get(address)?.file;
  }

  nameOf(address: Address): string {
    return this.input.desired.get(address)?.name ?? this.owned.get(address)?.name ?? "";
  }

  /** The inventory's entry after a step: digests to add, fields that it removed, and those of which only the source is noted. */
  ownedAfter(
    address: Address,
    fields: { readonly [key: string]: Digest },
    removed: readonly string[],
    sourced: readonly string[] = [],
  ): Owned {
    const before = this.owned.get(address);
    const desired = this.input.desired.get(address);
    const table = this.kind(address).fields;
    const handGiven = desired ? listHandGiven(desired, table) : (before?.handGiven ?? []);
    const file = this.fileOf(address);
    return {
      kind: kindOf(address),
      id: this.idOf(address),
      name: desired?.name ?? before?.name ?? "",
      fields: mergeFields(before, fields, removed),
      ...sourcesAfter(before, { desired, table }, [...Object.keys(fields), ...removed, ...sourced]),
      needs: desired?.needs ?? before?.needs ?? [],
      // A protection ends with the end of an apply, never in the middle of one.
      protect: desired?.lifecycle.protect === true || before?.protect === true,
      ...(handGiven.length > 0 && { handGiven }),
      ...(file !== undefined && { file }),
      ...(before?.settled && before.id === this.idOf(address) && { settled: before.settled }),
      ...this.#shownOnceOf(address),
    };
  }

  /** The digests and sealed copies of values that the API shows once. They belong to one object, so they stay only with its id. */
  #shownOnceOf(address: Address): Pick<Owned, "revealed" | "sealed"> {
    const id = this.idOf(address);
    const record = [this.owned.get(address), this.newObjects.get(address)].find((one) => one?.id === id);
    return {
      ...(record?.revealed && { revealed: record.revealed }),
      ...(record?.sealed && { sealed: record.sealed }),
    };
  }

  /** The digests of the declared fields among `keys`, of the values that were sent. Fields that the file does not declare have none. */
  async digests(address: Address, keys: readonly string[]): Promise<{ readonly [key: string]: Digest }> {
    const desired = this.input.desired.get(address);
    if (!desired) return {};
    const wanted = new Set(keys);
    const digests: { [key: string]: Digest } = {};
    for (const declared of eachDeclared(desired, this.kind(address).fields)) {
      const key = fieldKey(declared.name, declared.entry);
      if (!wanted.has(key)) continue;
      const resolved = declared.field.value
        ? (this.#sent.get(`${address} ${key}`) ??
          (await this.resolve(address, declared, declared.value as Value)))
        : undefined;
      const isLeft = resolved?.state === "untouched" && !declared.field.writeOnly;
      const isTheirs = isLeft && (declared.value as Value).from !== "generated";
      // A value that is left as it is live: the digest is made from the live value.
      const live =
        isTheirs && declared.entry !== undefined ? liveEntry(this.found.get(address), declared) : undefined;
      const comparison: Comparison = {
        desired,
        owned: undefined,
        key: this.input.key,
        resolved: new Map(resolved ? [[key, resolved]] : []),
      };
      const digest = live
        ? digestOf(this.input.key, { address, field: key }, live)
        : isTheirs
          ? undefined
          : digestDesired(comparison, declared.field, declared.name, declared.entry, declared.value);
      if (digest !== undefined) digests[key] = digest;
    }
    return digests;
  }

  /** The keys of all fields and entries that the file declares of a resource: `plan`, `envVars.KEY`. */
  keysOf(address: Address): readonly string[] {
    const desired = this.input.desired.get(address);
    return desired ? keysDeclared(desired, this.kind(address).fields) : [];
  }

  /** The value for a hole in a step's call. Throws a problem of the step when it is missing, or should exist by now and does not. */
  async resolveHole(
    step: WriteStep,
    place: { readonly address: Address; readonly field: string },
    value: Value,
  ): Promise<Resolved> {
    const [name, ...entry] = place.field.split(".");
    const resolved = await this.resolve(
      place.address,
      { name: name!, entry: entry.length > 0 ? entry.join(".") : undefined },
      value,
    );
    if (resolved.state === "missing")
      throw stepFailed(
        step.address,
        resolved.problem.code,
        resolved.problem.message,
        resolved.problem.remedy,
      );
    if (resolved.state === "later" && value.from !== "generated") {
      throw stepFailed(
        step.address,
        "value-not-there",
        `${place.field} of ${step.address} needs a value that does not exist yet.`,
        "Run again; if it stays, report this.",
      );
    }
    if (resolved.state === "known") this.#sent.set(`${place.address} ${place.field}`, resolved);
    return resolved;
  }

  /** Resolves one declared value by what is known at this moment. */
  resolve(
    address: Address,
    place: { readonly name: string; readonly entry?: string | undefined },
    value: Value,
  ): Promise<Resolved> {
    const { kinds, readers, sources, desired } = this.input;
    const found = (of: Address): Found | undefined => this.found.get(of);
    const shownOnce: ResolveInput["shownOnce"] = (of, output) => this.shownOnce.find(of, output);
    const input = { kinds, readers, sources, desired, found, shownOnce };
    return resolveValue(input, address, { name: place.name, entry: place.entry }, value);
  }

  /** Reads again the objects whose outputs the step's call uses, if this run made them or wrote to them. */
  async refreshTargets(step: WriteStep): Promise<void> {
    for (const [address, targets] of groupBy(followTargets(this.input, step.write), (one) => one.address)) {
      const before = this.found.get(address);
      if (!before || !this.#stale.has(address)) continue;
      const kind = this.kind(address);
      // A value that the API shows once is in memory only, so a new read would not show it.
      if (targets.every(({ field }) => field !== undefined && kind.shownOnce?.includes(field))) continue;
      const reader = this.readerOf(address);
      const found = await kind.findById(reader, before.id);
      if (!found) continue;
      const needsVariables = targets.some(({ field }) => variableOf(field ?? "") !== undefined);
      const facet = needsVariables && kind.variables !== undefined ? kind.facets[kind.variables] : undefined;
      const variables = await facet?.(reader, found, this.input.scope);
      // Lists that were not read again keep what the last read showed.
      this.found.set(address, { ...found, spec: { ...before.spec, ...found.spec, ...variables } });
    }
  }

  idOf(address: Address, half?: "successor"): string {
    const own = this.found.get(address)?.id ?? this.owned.get(address)?.id;
    const id = half ? this.newObjects.get(address)?.id : own;
    if (id === undefined)
      throw stepFailed(
        address,
        "value-not-there",
        `${address} has no id yet.`,
        "Run again; if it stays, report this.",
      );
    return id;
  }

  readerOf(address: Address): Reader {
    return this.input.readers[this.kind(address).provider];
  }

  writerOf(address: Address): Writer {
    return this.input.writers[this.kind(address).provider];
  }

  kind(address: Address): Kind {
    return findKind(this.input.kinds, kindOf(address));
  }
}
