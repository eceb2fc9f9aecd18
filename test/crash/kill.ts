import { spawn } from "node:child_process";
import { watch } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Inventory } from "../../src/core/model/inventory.ts";
import type { RunReport } from "../../src/core/run/report.ts";
import { startSimulator, type Simulator } from "../../src/simulator/start.ts";
import type { RequestLine } from "../../src/simulator/server/server.ts";
import { joinVirtualClock } from "../../src/world/virtual-clock.ts";
import { program, runTrueup } from "../shells/start-program.ts";
import { lateCancels, type Course } from "./course.ts";
import { describeDifference } from "./points.ts";
import { variables } from "./everything.ts";
import { formOf } from "./world-form.ts";

const repo = "https://github.com/acme/app";

/** When the real process is killed: as soon as the n-th write was answered, or the n-th line of the journal is there. */
export type KillPoint = { readonly when: "write" | "line"; readonly number: number };

/** Thirty of them, named: every write of the way to a shop, and the first lines of its journal. */
export const killPoints: readonly KillPoint[] = [
  ...Array.from({ length: 11 }, (_, index): KillPoint => ({ when: "write", number: index + 1 })),
  ...Array.from({ length: 19 }, (_, index): KillPoint => ({ when: "line", number: index + 1 })),
];

/** Kills the built program with SIGKILL on its way to the file, lets it run again, and says what is wrong with the world then. */
export async function killAt(course: Course, point: KillPoint): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "trueup-kill-"));
  let answered: (line: RequestLine) => void = () => undefined;
  const simulator = await startSimulator({
    clock: "virtual",
    limits: "documented",
    onRequest: (line) => answered(line),
  });
  try {
    await writeFile(join(folder, "trueup.yaml"), course.journey.to);
    const env = { ...simulator.env, ...variables };
    const args = ["--yes", "--json", "--quiet", "--repo", repo];
    const partition = join(folder, "state/default");
    await mkdir(partition, { recursive: true });
    const child = spawn(process.execPath, [program, "apply", ...args], {
      cwd: folder,
      stdio: "ignore",
      env: { PATH: process.env["PATH"], HOME: folder, ...env },
    });
    const kill = (): void => void child.kill("SIGKILL");
    let writes = 0;
    answered = ({ method }) => {
      if (method === "GET") return;
      writes += 1;
      if (point.when === "write" && writes === point.number) kill();
    };
    const watcher = watch(partition, () => {
      if (point.when !== "line") return;
      void countLines(join(partition, "journal.ndjson")).then((lines) =>
        lines >= point.number ? kill() : undefined,
      );
    });
    const signal = await new Promise<NodeJS.Signals | null>((resolve) =>
      child.once("close", (_code, how) => resolve(how)),
    );
    watcher.close();
    answered = () => undefined;
    const again = await runTrueup(["apply", ...args], { folder, env });
    const { stdout } = await runTrueup(["plan", "--json", "--repo", repo], { folder, env });
    const { steps } = JSON.parse(stdout) as { readonly steps: readonly { readonly id: string }[] };
    await settle(simulator);
    const inventory = JSON.parse(await readFile(join(partition, "inventory.json"), "utf8")) as Inventory;
    const report = JSON.parse(again.stdout) as RunReport;
    const form = formOf(simulator.save(), inventory, lateCancels(report));
    return [
      ...(signal === "SIGKILL" ? [] : ["the run was not killed"]),
      ...(again.code === 0 ? [] : [`the next run ended with ${String(again.code)}: ${again.stderr}`]),
      ...steps.map(({ id }) => `left to do: ${id}`),
      ...(form === course.form ? [] : [`another world:\n${describeDifference(course.form, form)}`]),
    ];
  } finally {
    await simulator.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** An hour later, when every deploy has come to its end: whoever looks at one settles it. */
async function settle(simulator: Simulator): Promise<void> {
  const clock = await joinVirtualClock(simulator.env["TRUEUP_SIM_CLOCK"]!);
  await clock.sleep(3_600_000);
  for (const { id } of simulator.save().tables["services"] ?? []) {
    const body = JSON.stringify({ method: "GET", path: `/services/${id}/deploys` });
    await fetch(`${simulator.control}/edit`, { method: "POST", body });
  }
  clock.close();
}

async function countLines(path: string): Promise<number> {
  const text = await readFile(path, "utf8").catch(() => "");
  return text.split("\n").length - 1;
}
