import type { Address } from "../../core/base/address.ts";
import { isObject } from "../../core/base/json.ts";
import { Secret } from "../../core/base/secret.ts";
import type { Wanted } from "../../core/kind/scope.ts";
import type { FileId } from "../../core/model/file-identity.ts";
import type { Owned } from "../../core/model/inventory.ts";
import type { Found } from "../../core/model/live.ts";
import { type PerformInput, stepFailed } from "./perform-input.ts";

type Given = Pick<PerformInput, "desired" | "declaring" | "found" | "inventory">;

/**
 * What stands at each address by now: the live object, and the entry of the inventory. It begins with what the plan has read
 * and follows the calls of the run. Example:
 *
 *     plan                              found dpg-1   owned dpg-1
 *     the deletion of dpg-1 is done     -             -
 *     the creation answers dpg-2        found dpg-2   -, until the entry of dpg-2 is kept
 */
export class Resources {
  readonly #given: Given;
  readonly #found: Map<Address, Found>;
  readonly #owned: Map<Address, Owned>;
  readonly #changes = new Map<Address, number>();

  constructor(given: Given) {
    this.#given = given;
    this.#found = new Map(given.found);
    this.#owned = new Map(Object.entries(given.inventory.resources) as [Address, Owned][]);
  }

  /** The live object, as it was read last. One that this run made has no fields before it is read again. */
  found(address: Address): Found | undefined {
    return this.#found.get(address);
  }

  /** All live objects: those of the plan, without what was deleted, with what was made. */
  allFound(): ReadonlyMap<Address, Found> {
    return this.#found;
  }

  /** The entry of the inventory. */
  owned(address: Address): Owned | undefined {
    return this.#owned.get(address);
  }

  /** All entries of the inventory as they are by now. */
  allOwned(): ReadonlyMap<Address, Owned> {
    return this.#owned;
  }

  /** Sets the entry of the inventory; `null`: the address owns nothing any more. */
  keep(address: Address, owned: Owned | null): void {
    if (owned) this.#owned.set(address, owned);
    else this.#owned.delete(address);
  }

  /** This run made the object, or found what an earlier creation made. Its entry in the inventory has to be made anew. */
  noteMade(address: Address, id: string): void {
    const name = this.#given.desired.get(address)?.name ?? "";
    this.#found.set(address, { id, name, spec: {}, outputs: {}, raw: {} });
    this.#owned.delete(address);
    this.noteChanged(address);
  }

  /** A deletion was done. */
  noteGone(address: Address): void {
    this.#found.delete(address);
  }

  /** A call has written to the object: what was read of it is old. */
  noteChanged(address: Address): void {
    this.#changes.set(address, this.changes(address) + 1);
  }

  /** Whether the object has to be read again before its outputs are used. */
  isChanged(address: Address): boolean {
    return this.changes(address) > 0;
  }

  /** How often this run has made the object or written to it. */
  changes(address: Address): number {
    return this.#changes.get(address) ?? 0;
  }

  /** The object was read again. It stays one that was changed: a later call may write to it while an earlier answer is read. */
  noteRead(address: Address, found: Found): void {
    this.#found.set(address, found);
  }

  /** The id of the object at the address. Throws `value-not-there` when there is none yet. */
  idOf(address: Address): string {
    const id = this.#found.get(address)?.id ?? this.#owned.get(address)?.id;
    if (id === undefined) throw noId(address);
    return id;
  }

  /** The name in the file, or the last one that the inventory knows. */
  nameOf(address: Address): string {
    return this.#given.desired.get(address)?.name ?? this.#owned.get(address)?.name ?? "";
  }

  /** The file that declares the address, or that declared it last. */
  fileOf(address: Address): FileId | undefined {
    return this.#given.declaring.get(address) ?? this.#owned.get(address)?.file;
  }

  /** What a kind's list has to show, including objects that this run made and the stored inventory does not know yet. */
  wanted(): Wanted {
    const { desired, inventory } = this.#given;
    return {
      resources: [...desired.values()],
      inventory: { ...inventory, resources: Object.fromEntries(this.#owned) },
    };
  }

  /** All secrets in the fields of the live objects. */
  secrets(): readonly Secret[] {
    const values = [...this.#found.values()].flatMap(({ spec }) => Object.values(spec));
    const entries = values.flatMap((value) => (isObject(value) ? Object.values(value) : []));
    return [...values, ...entries].filter((value) => value instanceof Secret);
  }
}

/** The error of a step that needs an object which is not there yet. */
export function noId(address: Address) {
  return stepFailed(
    address,
    "value-not-there",
    `${address} has no id yet.`,
    "Run again; if it stays, report this.",
  );
}
