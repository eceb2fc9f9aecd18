import { kindOf, type Address } from "../core/address.ts";
import { digestDesired, type Comparison, type Resolved } from "../core/compare.ts";
import { fieldKey, type Desired } from "../core/desired.ts";
import { eachDeclared } from "../core/declared.ts";
import { groupBy } from "../core/group.ts";
import type { Inventory, Owned } from "../core/inventory.ts";
import { isObject } from "../core/json.ts";
import { mergeFields } from "../core/journal.ts";
import type { Kind, Kinds, Reader, Scope, Wanted } from "../core/kind.ts";
import type { Found } from "../core/live.ts";
import type { StepId, WriteStep } from "../core/plan.ts";
import type { Digest, DigestKey } from "../core/secret.ts";
import { targetsOf } from "../core/write-targets.ts";
import type { Value } from "../core/value.ts";
import type { Writer } from "../http/client.ts";
import type { World } from "../world/world.ts";
import { stepFailed } from "./execute.ts";
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
  readonly #stale = new Set<Address>();
  /** Values as they went into calls, by address and field: what is remembered of a field is what was sent. */
  readonly #sent = new Map<string, Resolved>();
  readonly #wrote = new Set<StepId>();
  readonly #written = new Set<Address>();

  constructor(input: PerformInput) {
    this.input = input;
    this.found = new Map(input.found);
    for (const [address, owned] of Object.entries(input.inventory.resources) as [Address, Owned][])
      this.owned.set(address, owned);
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
    this.#written.add(step.address);
    this.#wrote.add(step.id);
  }

  /** Whether this step's resource, or one of the steps it needs, was really written to. */
  wroteFor(step: WriteStep): boolean {
    return this.#written.has(step.address) || step.needs.some((id) => this.#wrote.has(id));
  }

  /** With what this run made: the inventory on disk does not know it yet. */
  wanted(): Wanted {
    const { desired, inventory } = this.input;
    return {
      resources: [...desired.values()],
      inventory: { ...inventory, resources: Object.fromEntries(this.owned) },
    };
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
    return {
      kind: kindOf(address),
      id: this.idOf(address),
      name: desired?.name ?? before?.name ?? "",
      fields: mergeFields(before, fields, removed),
      needs: desired?.needs ?? before?.needs ?? [],
      protect: desired?.lifecycle.protect ?? before?.protect ?? false,
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
      const isLeftOut =
        resolved?.state === "left" &&
        (declared.value as Value).from === "asked" &&
        !this.#hasEntry(address, declared);
      const comparison: Comparison = {
        desired,
        owned: undefined,
        key: this.input.key,
        resolved: new Map(resolved ? [[key, resolved]] : []),
      };
      const digest = isLeftOut
        ? undefined
        : digestDesired(comparison, declared.field, declared.name, declared.entry, declared.value);
      if (digest !== undefined) digests[key] = digest;
    }
    return digests;
  }

  #hasEntry(address: Address, place: { readonly name: string; readonly entry?: string }): boolean {
    const field = this.found.get(address)?.spec[place.name];
    return isObject(field) && place.entry !== undefined && Object.hasOwn(field, place.entry);
  }

  isDeclared(address: Address, key: string): boolean {
    const desired = this.input.desired.get(address);
    return (
      desired !== undefined &&
      eachDeclared(desired, this.kind(address).fields).some((one) => fieldKey(one.name, one.entry) === key)
    );
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
    const { kinds, reader, sources, desired } = this.input;
    const input = { kinds, reader, sources, desired, found: (of: Address) => this.found.get(of) };
    return resolveValue(input, address, { name: place.name, entry: place.entry }, value);
  }

  /** Objects that this run made or wrote to are read again before their outputs are used. */
  async refreshTargets(step: WriteStep): Promise<void> {
    const { reader, scope } = this.input;
    for (const [address, targets] of groupBy(targetsOf(step.write), (target) => target.address)) {
      const before = this.found.get(address);
      if (!before || !this.#stale.has(address)) continue;
      const kind = this.kind(address);
      const found = await kind.findById(reader, before.id);
      if (!found) continue;
      const needsVariables = targets.some((target) => target.field?.startsWith("envVars."));
      const variables = needsVariables ? await kind.facets["envVars"]?.(reader, found, scope) : undefined;
      this.found.set(address, { ...found, spec: { ...found.spec, ...variables } });
    }
  }

  idOf(address: Address): string {
    const id = this.found.get(address)?.id ?? this.owned.get(address)?.id;
    if (id === undefined)
      throw stepFailed(
        address,
        "value-not-there",
        `${address} has no id yet.`,
        "Run again; if it stays, report this.",
      );
    return id;
  }

  kind(address: Address): Kind {
    const kind = this.input.kinds.get(kindOf(address));
    if (!kind) throw new Error(`no such kind: ${kindOf(address)}`);
    return kind;
  }
}
