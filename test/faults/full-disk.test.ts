import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { makeRandom } from "../../src/simulator/base/random.ts";
import { startSimulator, type Simulator } from "../../src/simulator/start.ts";
import { walk } from "../crash/course.ts";
import { program, runTrueup } from "../shells/start-program.ts";
import { fillAt, fullPoints } from "./full-disk.ts";
import { journeys } from "./shop.ts";

/** `npm run matrix -- disk` fills it at every line. */
const sampled = 6;

test.each(journeys)(
  "a disk that is full from some line on, on the way to $name a shop: nothing is sent that is not noted, and the next run is done",
  async (journey) => {
    const course = await walk(journey);
    const points = fullPoints(course);
    const random = makeRandom(Number(process.env["MATRIX_SEED"] ?? 1));
    const drawn = Array.from({ length: sampled }, () => points[Math.floor(random.next() * points.length)]!);
    for (const point of [points[0]!, ...drawn, { at: "commit" } as const])
      expect({ point, wrong: await fillAt(course, point) }).toEqual({ point, wrong: [] });
    await course.close();
  },
);

describe.skipIf(process.platform === "win32")("the built program whose files may not grow any more", () => {
  let simulator: Simulator | undefined;
  let folder = "";
  afterEach(async () => {
    await simulator?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const worker = (index: number): string =>
    `  - { type: worker, name: w${index}, runtime: image, image: { url: nginx }, plan: starter }\n`;

  /** The shell's limit, in blocks of a kilobyte or half of one: the line that crosses it is written in part. */
  function runLimited(
    blocks: number,
    env: NodeJS.ProcessEnv,
  ): Promise<{ code: number | null; stderr: string }> {
    const script = `trap '' XFSZ; ulimit -f ${blocks}; exec "$0" "$@"`;
    const args = ["-c", script, process.execPath, program, "apply", "--yes", "--quiet"];
    const child = spawn("sh", args, { cwd: folder, env, stdio: ["ignore", "ignore", "pipe"] });
    let stderr = "";
    child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
    return new Promise((resolve) => child.once("close", (code) => resolve({ code, stderr })));
  }

  test.each([1, 2, 3, 4])(
    "at %i blocks it ends with exit code 1 and says why, its journal is whole, and the next run makes the rest",
    async (blocks) => {
      simulator = await startSimulator({ clock: "virtual", limits: "off" });
      folder = await mkdtemp(join(tmpdir(), "trueup-full-"));
      await writeFile(
        join(folder, "trueup.yaml"),
        `services:\n${[0, 1, 2, 3, 4, 5, 6, 7].map(worker).join("")}`,
      );
      const env = { PATH: process.env["PATH"], HOME: folder, ...simulator.env };
      const { code, stderr } = await runLimited(blocks, env);
      // The path of the folder decides where the lines end.
      expect({ code, stderr: stderr.replaceAll(/\s+/g, " ") }).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("may not grow") as string,
      });
      const journal = await readFile(join(folder, "state/default/journal.ndjson"), "utf8").catch(() => "");
      for (const line of journal.split("\n").slice(0, -1)) JSON.parse(line);
      expect(journal === "" || journal.endsWith("\n")).toBe(true);
      const again = await runTrueup(["apply", "--yes", "--quiet"], { folder, env: simulator.env });
      expect(again).toMatchObject({ code: 0 });
      const names = (simulator.save().tables["services"] ?? []).map(
        (row) => (row as unknown as { name: string }).name,
      );
      expect(new Set(names).size).toBe(names.length);
      expect(names).toHaveLength(8);
    },
  );
});
