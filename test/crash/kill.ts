import { spawn } from "node:child_process";
import { watch } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Inventory } from "../../src/core/model/inventory.ts";
import type { Problem } from "../../src/core/base/problem.ts";
import type { RunReport } from "../../src/core/run/report.ts";
import { startSimulator, type Simulator } from "../../src/simulator/start.ts";
import type { RequestLine } from "../../src/simulator/server/server.ts";
import { joinVirtualClock } from "../../src/world/virtual-clock.ts";
import { program, runTrueup } from "../shells/start-program.ts";
import {
  agreedFlags,
  deletesOf,
  isForLater,
  lateCancels,
  lostIn,
  mostRuns,
  untilLater,
  type Course,
} from "./course.ts";
import { describeDifference } from "./points.ts";
import { variables } from "./everything.ts";
import { formOf } from "./world-form.ts";

const repo = "https://github.com/acme/app";

/** When the real process is killed: as soon as the n-th write was answered, or the n-th line of the journal is there. */
export type KillPoint = { readonly when: "write" | "line"; readonly number: number };

/** The last lines of a journal are there for so short a time that nobody outside sees each of them. */
const unseenLines = 4;

/** Every write of the way, and every third line of its journal. */
export function killPoints({ passed }: Pick<Course, "passed">): readonly KillPoint[] {
  const lines = Math.floor(Math.max(0, passed.appends - unseenLines) / 3);
  return [
    ...Array.from({ length: passed.writes }, (_, index): KillPoint => ({ when: "write", number: index + 1 })),
    ...Array.from({ length: lines }, (_, index): KillPoint => ({ when: "line", number: 3 * index + 1 })),
  ];
}

/** Where the program runs: a folder with the file and the state of the course's start, and an account. */
type Ground = {
  readonly folder: string;
  readonly partition: string;
  readonly simulator: Simulator;
  readonly env: { readonly [name: string]: string };
  readonly requests: RequestLine[];
  onRequest: (line: RequestLine) => void;
};

/** Kills the built program with SIGKILL on its way to the file, lets it run again, and says what is wrong with the world then. */
export async function killAt(course: Course, point: KillPoint): Promise<readonly string[]> {
  const ground = await setOut(course);
  const { simulator, partition } = ground;
  try {
    const signal = await runUntil(ground, point);
    const { problems, end } = await finish(ground);
    const { steps = [] } = await run(ground, ["plan", ...agreedFlags]);
    const deletes = deletesOf(ground);
    await settle(simulator);
    const inventory = JSON.parse(await readFile(join(partition, "inventory.json"), "utf8")) as Inventory;
    const saved = simulator.save();
    const form = formOf(saved, inventory, lateCancels({ problems }));
    return [
      ...(signal === "SIGKILL" ? [] : ["the run was not killed"]),
      ...end,
      ...lostIn({ rows: (table) => saved.tables[table] ?? [] }, course),
      ...steps.map(({ id }) => `left to do: ${id}`),
      ...deletes.filter((path) => !course.deletes.includes(path)).map((path) => `deleted: ${path}`),
      ...(form === course.form ? [] : [`another world:\n${describeDifference(course.form, form)}`]),
    ];
  } catch (error) {
    return [`failed: ${String(error)}`];
  } finally {
    await simulator.close();
    await rm(ground.folder, { recursive: true, force: true });
  }
}

async function setOut({ journey, origin }: Course): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), "trueup-kill-"));
  const requests: RequestLine[] = [];
  const simulator = await startSimulator({
    clock: "virtual",
    limits: "documented",
    ...(origin && { saved: origin.saved }),
    onRequest: (line) => {
      requests.push(line);
      ground.onRequest(line);
    },
  });
  const partition = join(folder, "state/default");
  const env = { ...simulator.env, ...variables };
  const ground: Ground = { folder, partition, simulator, env, requests, onRequest: () => undefined };
  await mkdir(partition, { recursive: true });
  if (origin) await cp(origin.state, join(folder, "state"), { recursive: true });
  await writeFile(join(folder, "trueup.yaml"), journey.to);
  return ground;
}

/** Answers with the signal that ended it; `null` when it came to its end before the point. */
async function runUntil(ground: Ground, { when, number }: KillPoint): Promise<NodeJS.Signals | null> {
  const { folder, partition, env } = ground;
  const child = spawn(process.execPath, [program, ...wordsOf(["apply", "--yes", ...agreedFlags])], {
    cwd: folder,
    stdio: "ignore",
    env: { PATH: process.env["PATH"], HOME: folder, ...env },
  });
  const kill = (): void => void child.kill("SIGKILL");
  let writes = 0;
  ground.onRequest = ({ method }) => {
    if (method === "GET") return;
    writes += 1;
    if (when === "write" && writes === number) kill();
  };
  const watcher = watch(partition, () => {
    if (when !== "line") return;
    void countLines(join(partition, "journal.ndjson")).then((lines) =>
      lines >= number ? kill() : undefined,
    );
  });
  const signal = await new Promise<NodeJS.Signals | null>((resolve) =>
    child.once("close", (_code, how) => resolve(how)),
  );
  watcher.close();
  ground.onRequest = () => undefined;
  return signal;
}

/** What the document on stdout has of a run, of a plan, and of a command that ended with problems. */
type Answer = {
  readonly verdict?: RunReport["verdict"];
  readonly problems: readonly Problem[];
  readonly steps?: readonly { readonly id: string }[];
};

/** As `finish` of a course, with the built program. */
async function finish(ground: Ground): Promise<{ problems: readonly Problem[]; end: readonly string[] }> {
  const told: Problem[] = [];
  for (let number = 1; ; number += 1) {
    const { verdict, problems } = await run(ground, ["apply", "--yes", ...agreedFlags]);
    told.push(...problems);
    if (verdict === "done") return { problems: told, end: [] };
    if (!isForLater(problems) || number === mostRuns)
      return { problems: told, end: [`the last run was not done: ${JSON.stringify(problems)}`] };
    await pass(ground.simulator, untilLater);
  }
}

async function run({ folder, env }: Ground, words: readonly string[]): Promise<Answer> {
  const { stdout, stderr } = await runTrueup(wordsOf(words), { folder, env });
  if (stdout === "") throw new Error(`trueup ${words.join(" ")} printed nothing: ${stderr}`);
  return JSON.parse(stdout) as Answer;
}

function wordsOf(words: readonly string[]): readonly string[] {
  return [...words, "--json", "--quiet", "--repo", repo];
}

async function pass(simulator: Simulator, milliseconds: number): Promise<void> {
  const clock = await joinVirtualClock(simulator.env["TRUEUP_SIM_CLOCK"]!);
  await clock.sleep(milliseconds);
  clock.close();
}

/** An hour later, when every deploy has come to its end: whoever looks at one settles it. */
async function settle(simulator: Simulator): Promise<void> {
  await pass(simulator, 3_600_000);
  for (const { id } of simulator.save().tables["services"] ?? []) {
    const body = JSON.stringify({ method: "GET", path: `/services/${id}/deploys` });
    await fetch(`${simulator.control}/edit`, { method: "POST", body });
  }
}

async function countLines(path: string): Promise<number> {
  const text = await readFile(path, "utf8").catch(() => "");
  return text.split("\n").length - 1;
}
