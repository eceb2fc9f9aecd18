import type { Fault, Rule } from "../../../core/model/field.ts";

/** Checks of a build source that its schema cannot make. */
export const buildSourceRules: readonly Rule[] = [checkOrigin];

function checkOrigin({ name, spec }: Parameters<Rule>[0]): readonly Fault[] {
  const said = ["git", "image"].filter((key) => spec[key] !== undefined && spec[key] !== null);
  if (said.length === 1) return [];
  return [
    {
      code: said.length === 0 ? "missing-key" : "several-sources",
      severity: "error",
      field: said.length === 0 ? "name" : "image",
      message: `The build source ${name} needs exactly one of \`git\` and \`image\`.`,
      remedy: said.length === 0 ? "Add one of them." : "Remove one of them.",
    },
  ];
}
