/** A part of the program whose score is told for itself. */
export type Room = {
  readonly name: string;
  readonly globs: readonly string[];
  /** Of its mutants at least nine in ten have to be noticed, and every other one is explained. */
  readonly isJudged: boolean;
};

/** A file is in the first room that it fits. What reads, guards, notes and writes is judged. */
export const rooms: readonly Room[] = [
  {
    name: "core/guards",
    globs: [
      "src/core/guard*.ts",
      "src/core/refuse-*.ts",
      "src/core/consent.ts",
      "src/core/answers.ts",
      "src/core/end-of-data.ts",
    ],
    isJudged: true,
  },
  { name: "core/diff", globs: ["src/core/diff.ts", "src/core/leave-live.ts"], isJudged: true },
  { name: "core/compare", globs: ["src/core/compare*.ts"], isJudged: true },
  { name: "core/journal", globs: ["src/core/journal.ts", "src/core/pending.ts"], isJudged: true },
  {
    name: "engine/run",
    globs: [
      "src/engine/execute.ts",
      "src/engine/perform*.ts",
      "src/engine/run-memory.ts",
      "src/engine/look-up.ts",
      "src/engine/creation-memory.ts",
      "src/engine/send-step.ts",
      "src/engine/ready-queue.ts",
    ],
    isJudged: true,
  },
  { name: "store", globs: ["src/store/*.ts"], isJudged: true },
  { name: "core, the rest", globs: ["src/core/*.ts"], isJudged: false },
  { name: "engine, the rest", globs: ["src/engine/*.ts"], isJudged: false },
  { name: "providers", globs: ["src/providers/**/*.ts"], isJudged: false },
];
