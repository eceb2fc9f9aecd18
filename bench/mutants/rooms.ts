import { fitsGlob } from "./list-files.ts";

/** A part of the program whose score is told for itself. */
export type Room = {
  readonly name: string;
  readonly globs: readonly string[];
  /** Of its mutants at least nine in ten have to be noticed, and every other one is explained. */
  readonly isJudged: boolean;
  /** Tests that are asked before all others: those that were written about it. */
  readonly sharp: readonly string[];
};

/** A file is in the first room that it fits. What reads, guards, notes and writes is judged. */
export const rooms: readonly Room[] = [
  {
    name: "core/guards",
    globs: ["src/core/guards/*.ts", "src/core/consent/*.ts"],
    isJudged: true,
    sharp: [
      "test/core/consent/consent.test.ts",
      "test/core/consent/end-of-data.test.ts",
      "test/core/consent/looks-renamed.test.ts",
      "test/core/guards/refuse-deletes.test.ts",
      "test/core/guards/refuse-replacement.test.ts",
      "test/core/guards/refuse-other-shape.test.ts",
      "test/core/guards/unwritten.test.ts",
      "test/core/guards/guard-settings.test.ts",
      "test/core/guards/guards.test.ts",
      "test/plan/refusals.test.ts",
      "test/plan/consent.test.ts",
    ],
  },
  {
    name: "core/diff",
    globs: ["src/core/diff/*.ts"],
    isJudged: true,
    sharp: [
      "test/core/diff/diff.test.ts",
      "test/core/diff/find-differences.test.ts",
      "test/core/diff/another-shape.test.ts",
      "test/core/diff/carry-over.test.ts",
      "test/core/diff/uncertain.test.ts",
      "test/core/diff/only-the-file-replaces.test.ts",
      "test/drift/verdicts.test.ts",
    ],
  },
  {
    name: "core/compare",
    globs: ["src/core/compare/*.ts"],
    isJudged: true,
    sharp: [
      "test/core/compare/compare-value.test.ts",
      "test/core/compare/keep-spelling.test.ts",
      "test/plan/renamed-digests.test.ts",
      "test/core/compare/compare-fields.test.ts",
      "test/core/diff/list-declared.test.ts",
      "test/core/diff/only-the-file-replaces.test.ts",
    ],
  },
  {
    name: "core/journal",
    globs: ["src/core/run/*.ts"],
    isJudged: true,
    sharp: [
      "test/core/run/journal.test.ts",
      "test/core/run/pending.test.ts",
      "test/core/run/run-record.test.ts",
      "test/core/run/plan-record.test.ts",
    ],
  },
  {
    name: "engine/run",
    globs: [
      "src/engine/run/*.ts",
      "src/engine/memory/run-memory.ts",
      "src/engine/settle/look-up.ts",
      "src/engine/memory/creation-memory.ts",
    ],
    isJudged: true,
    sharp: [
      "test/engine/memory/creation-memory.test.ts",
      "test/engine/memory/run-memory.test.ts",
      "test/engine/run/ready-queue.test.ts",
      "test/engine/run/send-step.test.ts",
      "test/engine/run/write-step.test.ts",
      "test/plan/moved-outside.test.ts",
      "test/engine/run/refuse-stale.test.ts",
      "test/engine/run/walk.test.ts",
      "test/engine/run/execute.test.ts",
      "test/converge/lifecycle.test.ts",
      "test/converge/first-deploys.test.ts",
      "test/crash/resume.test.ts",
      "test/crash/lost.test.ts",
      "test/crash/uncertain.test.ts",
    ],
  },
  {
    name: "store, git",
    globs: ["src/store/git/*.ts"],
    isJudged: true,
    sharp: [
      "test/store/git/branch-lock.test.ts",
      "test/store/git/git-command.test.ts",
      "test/store/git-over-http.test.ts",
      "test/store/git-checkouts.test.ts",
      "test/store/git/git-store.test.ts",
    ],
  },
  {
    name: "store",
    globs: ["src/store/**/*.ts"],
    isJudged: true,
    sharp: [
      "test/store/formats.test.ts",
      "test/store/base/check-state.test.ts",
      "test/store/file/file-store.test.ts",
      "test/store/file/file-lock.test.ts",
      "test/store/base/lease.test.ts",
      "test/store/base/heartbeat.test.ts",
      "test/store/base/temporary.test.ts",
      "test/store/partition/locked-partition.test.ts",
      "test/store/partition/memory-store.test.ts",
    ],
  },
  { name: "core, the rest", globs: ["src/core/**/*.ts"], isJudged: false, sharp: [] },
  { name: "engine, the rest", globs: ["src/engine/**/*.ts"], isJudged: false, sharp: [] },
  { name: "providers", globs: ["src/providers/**/*.ts"], isJudged: false, sharp: [] },
];

export function roomOf(file: string): Room | undefined {
  return rooms.find(({ globs }) => fitsGlob(globs, file));
}
