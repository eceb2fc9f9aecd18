import { kindOf, type Address } from "../../core/base/address.ts";
import type { Comparison, Resolved } from "../../core/compare/comparison.ts";
import { digestDesired } from "../../core/compare/field-change.ts";
import { fieldKey } from "../../core/model/desired.ts";
import { eachDeclared } from "../../core/model/declared.ts";
import type { FileId } from "../../core/model/file-identity.ts";
import { groupBy } from "../../core/base/group.ts";
import type { Former, Owned, Successor } from "../../core/model/inventory.ts";
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
import { targetsOf } from "../../core/kind/write-targets.ts";
import { type Value, variableOf } from "../../core/model/value.ts";
import type { Writer } from "../../http/client.ts";
import { CreationMemory } from "./creation-memory.ts";
import { stepFailed } from "./step-failed.ts";
import { EffectNotes } from "./effect-notes.ts";
import type { PerformInput } from "./perform-input.ts";
import { RevealedMemory } from "./revealed-memory.ts";
import { liveEntry, resolveValue, type ResolveInput } from "./resolve.ts";

/**
 * What a run knows while it goes on: what the plan read, what the run made (ids, first deploys), what it owns by now. An
 * object that the run has written to is read again before its outputs are used, so that a value is always taken from what
 * is there.
 */
export class RunMemory {
  readonly input: PerformInput;
  readonly found: Map<Address, Found>;
  readonly owned = new Map<Address, Owned>();
  /** First deploys of what this run created. */
  readonly deploys = new Map<Address, string>();
  /** What was made to take another's place and is not there yet. */
  readonly successors: Map<Address, Successor>;
  /** What has stepped aside, or is about to, in the order of `pending.formers`. */
  readonly formers: Map<Address, readonly Former[]>;
  readonly creations: CreationMemory;
  /** The newest deploy before one of this run, by service; `null` without any. */
  readonly deploysBefore = new Map<Address, string | null>();
  /** The newest job before one of this run, by service; `null` without any. */
  readonly jobsBefore = new Map<Address, string | null>();
  /** Ids of the exports that were there before this run began one, by the id of what is exported. */
  readonly exportsBefore = new Map<string, ReadonlySet<string>>();
  readonly revealed: RevealedMemory;
  readonly #stale = new Set<Address>();
  /** Values as they went into calls, by address and field: what is remembered of a field is what was sent. */
  readonly #sent = new Map<string, Resolved>();
  /** What the deploys of this run are for. */
  readonly effects: EffectNotes;
  /** Fields that calls of this run have written or taken away, by address and field key. */
  readonly #written = new Set<string>();

  constructor(input: PerformInput) {
    this.input = input;
    this.effects = new EffectNotes(input.inventory);
    this.found = new Map(input.found);
    for (const [address, owned] of Object.entries(input.inventory.resources) as [Address, Owned][])
      this.owned.set(address, owned);
    this.successors = pendingParts(input.inventory, "successor");
    this.formers = pendingParts(input.inventory, "formers");
    this.creations = new CreationMemory(input);
    this.revealed = new RevealedMemory(input);
  }

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

  noteWritten(step: WriteStep): void {
    this.#stale.add(step.address);
    for (const key of step.fields) this.#written.add(`${step.address} ${key}`);
  }

  hasWritten(address: Address, key: string): boolean {
    return this.#written.has(`${address} ${key}`);
  }

  /** With what this run made: the inventory on disk does not know it yet. */
  wanted(): Wanted {
    const { desired, inventory } = this.input;
    return {
      resources: [...desired.values()],
      inventory: { ...inventory, resources: Object.fromEntries(this.owned) },
    };
  }

  /** A value of the one before went into a call. */
  noteSent(address: Address, field: string, secret: Secret): void {
    this.#sent.set(`${address} ${field}`, { state: "known", secret });
  }

  /** Every secret that this run has read or sent. */
  secrets(): readonly Secret[] {
    const sent = [...this.#sent.values()].flatMap((one) => (one.state === "known" ? [one.secret] : []));
    const values = [...this.found.values()].flatMap(({ spec }) => Object.values(spec));
    const read = values.flatMap((value) => (isObject(value) ? Object.values(value) : []));
    return [
      ...sent,
      ...this.revealed.secrets(),
      ...[...values, ...read].filter((value) => value instanceof Secret),
    ];
  }

  /** The file that declares it, or did last. */
  fileOf(address: Address): FileId | undefined {
    return this.input.declaring.get(address) ?? this.owned.get(address)?.file;
  }

  nameOf(address: Address): string {
    return this.input.desired.get(address)?.name ?? this.owned.get(address)?.name ?? "";
  }

  ownedAfter(
    address: Address,
    fields: { readonly [key: string]: Digest },
    removed: readonly string[],
  ): Owned {
    const before = this.owned.get(address);
    const desired = this.input.desired.get(address);
    const handGiven = desired ? listHandGiven(desired, this.kind(address).fields) : (before?.handGiven ?? []);
    const file = this.fileOf(address);
    return {
      kind: kindOf(address),
      id: this.idOf(address),
      name: desired?.name ?? before?.name ?? "",
      fields: mergeFields(before, fields, removed),
      needs: desired?.needs ?? before?.needs ?? [],
      // A protection ends with the end of an apply, never in the middle of one.
      protect: desired?.lifecycle.protect === true || before?.protect === true,
      ...(handGiven.length > 0 && { handGiven }),
      ...(file !== undefined && { file }),
      ...(before?.settled && before.id === this.idOf(address) && { settled: before.settled }),
      ...this.#revealedOf(address),
    };
  }

  /** Digests and copies belong to one object: to what is owned, or to what takes its place now. */
  #revealedOf(address: Address): Pick<Owned, "revealed" | "sealed"> {
    const id = this.idOf(address);
    const record = [this.owned.get(address), this.successors.get(address)].find((one) => one?.id === id);
    return {
      ...(record?.revealed && { revealed: record.revealed }),
      ...(record?.sealed && { sealed: record.sealed }),
    };
  }

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
      const isLeft = resolved?.state === "left" && (declared.value as Value).from !== "generated";
      // What stays as it is is remembered by what is live.
      const live =
        isLeft && declared.entry !== undefined ? liveEntry(this.found.get(address), declared) : undefined;
      const comparison: Comparison = {
        desired,
        owned: undefined,
        key: this.input.key,
        resolved: new Map(resolved ? [[key, resolved]] : []),
      };
      const digest = live
        ? digestOf(this.input.key, { address, field: key }, live)
        : isLeft
          ? undefined
          : digestDesired(comparison, declared.field, declared.name, declared.entry, declared.value);
      if (digest !== undefined) digests[key] = digest;
    }
    return digests;
  }

  /** Keys of all that the file declares of it. */
  keysOf(address: Address): readonly string[] {
    const desired = this.input.desired.get(address);
    const declared = desired ? eachDeclared(desired, this.kind(address).fields) : [];
    return declared.map(({ name, entry }) => fieldKey(name, entry));
  }

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

  resolve(
    address: Address,
    place: { readonly name: string; readonly entry?: string | undefined },
    value: Value,
  ): Promise<Resolved> {
    const { kinds, readers, sources, desired } = this.input;
    const found = (of: Address): Found | undefined => this.found.get(of);
    const oneTime: ResolveInput["oneTime"] = (of, output) => this.revealed.find(of, output);
    const input = { kinds, readers, sources, desired, found, oneTime };
    return resolveValue(input, address, { name: place.name, entry: place.entry }, value);
  }

  /** Objects that this run made or wrote to are read again before their outputs are used. */
  async refreshTargets(step: WriteStep): Promise<void> {
    const { scope } = this.input;
    for (const [address, targets] of groupBy(targetsOf(step.write), (target) => target.address)) {
      const before = this.found.get(address);
      if (!before || !this.#stale.has(address)) continue;
      const kind = this.kind(address);
      // What was shown once is in memory, and nowhere to be read.
      if (targets.every(({ field }) => field !== undefined && kind.once?.includes(field))) continue;
      const reader = this.readerOf(address);
      const found = await kind.findById(reader, before.id);
      if (!found) continue;
      const needsVariables = targets.some(
        ({ field }) => field !== undefined && variableOf(field) !== undefined,
      );
      const facet = needsVariables && kind.variables !== undefined ? kind.facets[kind.variables] : undefined;
      const variables = await facet?.(reader, found, scope);
      // Lists that nobody read again stay known as they were read.
      this.found.set(address, { ...found, spec: { ...before.spec, ...found.spec, ...variables } });
    }
  }

  idOf(address: Address, half?: "successor"): string {
    const own = this.found.get(address)?.id ?? this.owned.get(address)?.id;
    const id = half ? this.successors.get(address)?.id : own;
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
