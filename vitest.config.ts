import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // One for each core of the smallest machine; the default leaves one idle.
    maxWorkers: 2,
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
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
