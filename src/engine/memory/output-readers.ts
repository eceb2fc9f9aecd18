import { kindOf, type Address } from "../../core/base/address.ts";
import { type Kinds, findKind } from "../../core/kind/kind.ts";
import type { Reader, Readers } from "../../core/kind/reader.ts";
import { rememberReads } from "../read/remember-reads.ts";
import type { Resources } from "./resources.ts";

/**
 * Readers for the outputs of objects. What a datastore answers is remembered until this run writes to it, so that one read of its
 * connection-info serves every variable of the run that refers to it. Any other object is read each time.
 */
export class OutputReaders {
  readonly #given: { readonly kinds: Kinds; readonly readers: Readers };
  readonly #remembered = new Map<Address, { readonly changes: number; readonly reader: Reader }>();

  constructor(given: { readonly kinds: Kinds; readonly readers: Readers }) {
    this.#given = given;
  }

  of(address: Address, resources: Pick<Resources, "changes">): Reader {
    const { provider, dataBearing } = findKind(this.#given.kinds, kindOf(address));
    const reader = this.#given.readers[provider];
    if (!dataBearing) return reader;
    const changes = resources.changes(address);
    const known = this.#remembered.get(address);
    if (known?.changes === changes) return known.reader;
    const remembering = rememberReads(reader);
    this.#remembered.set(address, { changes, reader: remembering });
    return remembering;
  }

  /** Some object did not have what was asked for yet: all are asked again. */
  forget(): void {
    this.#remembered.clear();
  }
}
