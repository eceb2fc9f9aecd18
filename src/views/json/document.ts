import { printJson } from "../base/json.ts";
import type { Problem } from "../../core/base/problem.ts";
import { verdictOfProblems, type CommandVerdict } from "../../core/planning/verdict.ts";

/** What a document of `--json` is about. `schemas/output.schema.json` describes each. */
export type DocumentKind =
  | "plan"
  | "run"
  | "drift"
  | "validation"
  | "export"
  | "init"
  | "cost"
  | "graph"
  | "limits"
  | "inventory"
  | "resource"
  | "standing"
  | "adopted"
  | "unlocked"
  | "repaired"
  | "runs"
  | "run-record"
  | "doctor"
  | "whoami"
  | "sign-in"
  | "sign-out"
  | "signature"
  | "version"
  | "simulator"
  | "coverage"
  | "problems";

/** The version of all documents: a new member is a minor step, a changed or missing one a major step. */
export const formatVersion = "1.0";

/**
 * A document of `--json`: what it is about, how the command ended (as its exit code says, but for `--exit-zero`), and what it
 * found. Keys are sorted, so that equal input gives equal bytes.
 */
export function printDocument(kind: DocumentKind, verdict: CommandVerdict, members: object): string {
  return printJson({ ...members, formatVersion, kind, verdict });
}

/** A document of problems alone: what every command answers when it could not begin. */
export function renderProblemsJson(problems: readonly Problem[]): string {
  return printDocument("problems", verdictOfProblems(problems), { problems });
}
