import type { Former } from "../../core/model/inventory.ts";
import type { FileId } from "../../core/model/file-identity.ts";

/** Called by a step right before its call is sent, with the path as it is sent; resolves when the intent is on disk. */
export type Announce = (call: {
  readonly method: string;
  readonly path: string;
  readonly name: string;
  /** Of a deploy: id of the newest one before it. */
  readonly after?: string | null;
  /** Of a create: what is made to take another's place, and what had its natural key before. */
  readonly successor?: string;
  readonly besides?: readonly string[];
  /** Of a create: what it makes is to be protected, and the file that declares it. */
  readonly protect?: true;
  readonly file?: FileId;
  /** Of an aside: what gives its name away, and the name that it gets. */
  readonly former?: Former;
}) => Promise<void>;
