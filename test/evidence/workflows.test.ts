import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";

const workflows = readdirSync("examples/workflows").map((name) => `examples/workflows/${name}`);

/** Whether a program is on the PATH; where it is missing, one line says so. */
function isThere(program: string): boolean {
  const found = spawnSync(program, ["--version"], { stdio: "ignore" }).status === 0;
  if (!found)
    process.stdout.write(`${program} is not on the PATH: what it says of the workflows is not looked at\n`);
  return found;
}

describe("the workflows to copy", () => {
  test.skipIf(!isThere("actionlint"))(
    "are clean for actionlint, which does not know `queue` of a concurrency group yet",
    () => {
      const unknown = 'unexpected key "queue" for "concurrency" section';
      const { status, stdout } = spawnSync("actionlint", ["-no-color", "-ignore", unknown, ...workflows], {
        encoding: "utf8",
      });
      expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
    },
  );

  test.skipIf(!isThere("zizmor"))(
    "are clean for zizmor, but for our own Action, which has no commit to pin before its release",
    () => {
      const { status, stdout } = spawnSync(
        "zizmor",
        ["--offline", "--no-progress", "--color", "never", "action.yml", ...workflows],
        { encoding: "utf8" },
      );
      expect({ status, stdout }).toMatchObject({ status: 0 });
    },
  );
});
