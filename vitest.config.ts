import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // One for each core of the smallest machine; the default leaves one idle.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: "test",
          include: ["test/**/*.test.ts"],
          exclude: ["test/evidence/**"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
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
