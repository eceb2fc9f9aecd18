import type { Restorable } from "../../core/kind/restorable.ts";

/** Addresses inside a region, as services and Key Values have them. */
export const restorableAddresses: readonly Restorable[] = [
  { output: "hostport" },
  { output: "host", key: /HOST(?:NAME)?$/iu },
  { output: "port", key: /PORT$/iu, besideOthers: true },
];
