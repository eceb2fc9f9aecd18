import type { Restorable } from "../../core/kind/restorable.ts";

/**
 * Outputs of services and Key Value instances inside their region, for `export`: a variable that has such a value is written as a
 * reference to it.
 */
export const restorableAddresses: readonly Restorable[] = [
  { output: "hostport" },
  { output: "host", key: /HOST(?:NAME)?$/iu },
  { output: "port", key: /PORT$/iu, besideOthers: true },
];
