import { formatVersion, type DocumentKind } from "../json/document.ts";
import type { CommandVerdict } from "../../core/planning/verdict.ts";
import { accountDocuments } from "./account-documents.ts";
import { events } from "./events.ts";
import { parts } from "./parts.ts";
import { planDocuments } from "./plan-documents.ts";
import { exactly, object, oneOfWords, ref, type Schema } from "./shapes.ts";
import { stateDocuments } from "./state-documents.ts";

const documents = { ...planDocuments, ...stateDocuments, ...accountDocuments } satisfies {
  readonly [Kind in DocumentKind]: unknown;
};

const verdicts = [
  "done",
  "failed",
  "pending",
  "refused",
  "declined",
  "stopped",
  "drift",
  "locked",
  "interrupted",
] as const satisfies readonly CommandVerdict[];

/** The schema of every document of `--json`: `kind` says which of the definitions it fits. */
export function makeOutputSchema(): Schema {
  const kinds = Object.entries(documents).map(([kind, [says, members]]): [string, Schema] => [
    kind,
    object(`Printed by ${says}.`, {
      formatVersion: exactly(formatVersion),
      kind: exactly(kind),
      verdict: oneOfWords(verdicts, "how the command ended: its exit code in a word"),
      ...members,
    }),
  ]);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "What trueup prints with --json",
    type: "object",
    required: ["formatVersion", "kind", "verdict"],
    oneOf: kinds.map(([kind]) => ref(kind)),
    $defs: { ...Object.fromEntries(kinds), ...parts },
  };
}

/** The schema of one line of `--events`. */
export function makeEventSchema(): Schema {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "One line of what trueup prints with --events",
    type: "object",
    required: ["event"],
    oneOf: [...events],
    $defs: parts,
  };
}
