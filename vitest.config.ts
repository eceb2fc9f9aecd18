import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // One more than the cores of the smallest machine: a worker often waits, for the disk or for a program that it started.
    maxWorkers: 3,
    projects: [
      {
        test: {
          name: "test",
          // All files of a worker share its process, which reads the sources once and not once for each file.
          isolate: false,
          include: ["test/**/*.test.ts"],
          exclude: ["test/evidence/**"],
          // What takes longer hangs: a busy machine is ten times slower than an idle one.
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: "evidence",
          include: ["test/evidence/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
