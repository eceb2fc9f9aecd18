import type { DriftVerdict } from "../../core/planning/drift.ts";
import type { NodeMark } from "../../core/planning/plan-graph.ts";
import type { StepResult } from "../../core/run/report.ts";

/** What a box says of its resources: a change, drift, or how its steps ended. */
export type Mark = NodeMark | "drift" | Exclude<DriftVerdict, "pending"> | StepResult["status"];

type Colours = { readonly line: string; readonly fill: string };
type Look = { readonly sign: string; readonly word: string; readonly light: Colours; readonly dark: Colours };

const green = { light: { line: "#1a7f37", fill: "#dafbe1" }, dark: { line: "#3fb950", fill: "#12261e" } };
const yellow = { light: { line: "#9a6700", fill: "#fff8c5" }, dark: { line: "#d29922", fill: "#2b2311" } };
const blue = { light: { line: "#0969da", fill: "#ddf4ff" }, dark: { line: "#58a6ff", fill: "#121d2f" } };
const orange = { light: { line: "#bc4c00", fill: "#fff1e5" }, dark: { line: "#f0883e", fill: "#2d1c11" } };
const red = { light: { line: "#cf222e", fill: "#ffebe9" }, dark: { line: "#f85149", fill: "#2f1618" } };
const violet = { light: { line: "#8250df", fill: "#fbefff" }, dark: { line: "#bc8cff", fill: "#241a38" } };
const grey = { light: { line: "#6e7781", fill: "#f6f8fa" }, dark: { line: "#8b949e", fill: "#161b22" } };

/** The look of each mark; signs are those of the plan's listing. */
export const looks: { readonly [One in Mark]: Look } = {
  create: { sign: "+", word: "create", ...green },
  update: { sign: "~", word: "update", ...yellow },
  drift: { sign: "!", word: "changed outside", ...violet },
  adopt: { sign: ">", word: "adopt", ...blue },
  replace: { sign: "±", word: "replace", ...orange },
  delete: { sign: "-", word: "delete", ...red },
  forget: { sign: "<", word: "forget", ...grey },
  keep: { sign: ".", word: "unchanged", ...grey },
  outside: { sign: "?", word: "not in the file", ...grey },
  step: { sign: "", word: "step", ...grey },
  changed: { sign: "!", word: "changed outside", ...violet },
  conflict: { sign: "!", word: "changed in the file and outside", ...orange },
  gone: { sign: "-", word: "deleted outside", ...red },
  converged: { sign: ".", word: "made equal to the file outside", ...grey },
  done: { sign: "✓", word: "done", ...green },
  skipped: { sign: "✓", word: "nothing to write", ...grey },
  failed: { sign: "✗", word: "failed", ...red },
  uncertain: { sign: "?", word: "uncertain", ...orange },
  blocked: { sign: ".", word: "blocked", ...yellow },
  left: { sign: ".", word: "not started", ...grey },
};

/** The class of a mark in pictures and on pages. */
export function classOf(mark: Mark): string {
  return `v-${mark}`;
}

/** The class of a kind: of a name from a file nothing but letters, digits and dashes is left. */
export function kindClass(kind: string): string {
  return `k-${kind.toLowerCase().replaceAll(/[^a-z\d]+/gu, "-")}`;
}

const plain = {
  light: { paper: "#ffffff", ink: "#1f2328", dim: "#59636e", line: "#6e7781", band: "#f6f8fa" },
  dark: { paper: "#0d1117", ink: "#e6edf3", dim: "#9198a1", line: "#8b949e", band: "#161b22" },
};

/** The colours of everything in a picture, with no variables: programs that show SVG files know none. */
export const pictureStyle = [
  ...rules("light"),
  `@media (prefers-color-scheme:dark){${rules("dark").join("")}}`,
  ".pic text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace}",
  ".pic .what{font-size:11px;font-family:system-ui,sans-serif}",
  ".pic .edges path,.pic .lane{fill:none;stroke-width:1.4}",
].join("\n");

function rules(mode: "light" | "dark"): readonly string[] {
  const { paper, ink, dim, line, band } = plain[mode];
  return [
    `.pic .paper{fill:${paper}}.pic text{fill:${ink}}.pic .what{fill:${dim}}.pic .edges path,.pic .lane{stroke:${line}}`,
    `.pic .tip{fill:${line}}.pic .band{fill:${band}}`,
    ...Object.entries(looks).map(
      ([mark, look]) =>
        `.pic .v-${mark} rect,.pic .v-${mark} circle{stroke:${look[mode].line};fill:${look[mode].fill}}.pic .v-${mark} .sign{fill:${look[mode].line}}`,
    ),
  ];
}
