import type { DocumentKind } from "../json/document.ts";
import type { Schema } from "./shapes.ts";

/** By kind: the commands that print it, and what it holds besides `formatVersion`, `kind` and `verdict`. */
export type Documents = {
  readonly [Kind in DocumentKind]?: readonly [says: string, members: { readonly [name: string]: Schema }];
};
