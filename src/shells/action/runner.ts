import type { Annotation } from "../../github/checks.ts";

/** What the runner of a job takes from it. The only place that writes workflow commands is what stands behind this. */
export type Runner = {
  /** The folder that is emptied with the job. */
  readonly temporary?: string;
  readonly setOutput: (name: string, value: string) => void;
  /** Markdown for the page of the run. */
  readonly summarize: (text: string) => Promise<void>;
  readonly annotate: (annotation: Annotation) => void;
  /** A remark in the log, on one line. */
  readonly warn: (text: string) => void;
  readonly mask: (text: string) => void;
};

/** GitHub shows ten of each level for a step; the check run has them all. */
export const annotationsShown = 10;
