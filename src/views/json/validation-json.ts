import { verdictOfProblems } from "../../core/planning/verdict.ts";
import type { Validation } from "../base/problems.ts";
import { printDocument } from "./document.ts";

/** What `validate` found, as the document of `--json`. `valid`: there is no error; warnings and notes do not count. */
export function renderValidationJson(validation: Validation): string {
  return printDocument("validation", verdictOfProblems(validation.problems), {
    files: validation.files,
    valid: validation.state !== undefined,
    problems: validation.problems,
    resources: validation.state?.resources.map(({ address, where }) => ({ address, where })) ?? [],
    notManaged: validation.state?.notManaged ?? [],
  });
}
