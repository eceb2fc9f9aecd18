import type { Rule } from "../../../core/model/field.ts";
import { checkLogStream } from "../log-stream/rules.ts";

/** Checks of a Key Value instance that its schema cannot make. */
export const keyValueRules: readonly Rule[] = [
  ({ spec, name }) => checkLogStream(spec["logStream"], "logStream", name),
];
