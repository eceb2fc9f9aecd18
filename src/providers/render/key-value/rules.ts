import type { Rule } from "../../../core/model/field.ts";
import { checkLogStream } from "../log-stream/rules.ts";

export const keyValueRules: readonly Rule[] = [
  ({ spec, name }) => checkLogStream(spec["logStream"], "logStream", name),
];
