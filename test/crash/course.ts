import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ApplyInput } from "../../src/commands/run/apply-input.ts";
import { ProblemError, type Problem } from "../../src/core/base/problem.ts";
import type { RunReport } from "../../src/core/run/report.ts";
import type { SavedAccount } from "../../src/simulator/base/account.ts";
import { makeJumpingClock, openScene, planDefaults, start, type Scene, type SceneOptions } from "../scene.ts";
import { variables } from "./everything.ts";
import { Mortal, type Passed } from "./mortal.ts";
import { formOf } from "./world-form.ts";

/** From an empty account to a file, or from one file to the next. */
export type Journey = {
  readonly name: string;
  readonly from?: string;
  /** What somebody else does to the account before the journey goes on. */
  readonly edit?: (scene: Scene) => Promise<void>;
  readonly to: string;
  /** What has to be the same at both ends, in words. */
  readonly keeps?: (account: Account) => readonly string[];
};

/** What an account holds, whoever runs against it. */
export type Account = Pick<Scene, "rows">;

/** Where a journey starts, and how it ends when nothing happens on the way. */
export type Course = {
  readonly journey: Journey;
  readonly form: string;
  /** Objects that it deletes, by path without ids. */
  readonly deletes: readonly string[];
  readonly passed: Passed;
  /** Calls of any method. */
  readonly calls: number;
  readonly origin: Origin | undefined;
  /** What the journey must not lose, in words. */
  readonly kept: readonly string[];
  close(): Promise<void>;
};

type Origin = {
  readonly saved: SavedAccount;
  readonly state: string;
  readonly now: number;
  readonly kept: readonly string[];
};

/** What the person who started the run agreed to; whoever finishes it says the same. */
const agreed = { allowDeletes: 10, allowDataLoss: ["*"], allowReplace: ["*"] } as const;
export const input: ApplyInput = { ...planDefaults, ...agreed, yes: true };

/** The same consents as a command line has them. */
export const agreedFlags: readonly string[] = [
  ["--allow-deletes", String(agreed.allowDeletes)],
  ...agreed.allowDataLoss.map((glob) => ["--allow-data-loss", glob]),
  ...agreed.allowReplace.map((glob) => ["--allow-replace", glob]),
].flat();

/** Goes the whole way once with nothing in its way, and counts. */
export async function walk(journey: Journey): Promise<Course> {
  const origin = journey.from === undefined ? undefined : await reach(journey.from, journey);
  const scene = await setOut({ journey, origin });
  const process = new Mortal(scene);
  const report = await process.apply(input);
  if (report === "died" || report.verdict !== "done")
    throw new Error(`nothing was in its way, and it ended ${JSON.stringify(report)}`);
  const calls = scene.requests.length;
  const course = {
    journey,
    deletes: deletesOf(scene),
    form: await formNow(scene),
    passed: process.passed,
    calls,
    origin,
    kept: origin?.kept ?? [],
  };
  await scene.close();
  return {
    ...course,
    close: async () => {
      if (origin) await rm(origin.state, { recursive: true, force: true });
    },
  };
}

async function reach(file: string, { edit, keeps }: Journey): Promise<Origin> {
  const scene = await openScene({ environment: variables });
  await scene.write(file);
  await finish(scene);
  await edit?.(scene);
  const state = `${scene.folder}.origin`;
  await cp(join(scene.folder, "state"), state, { recursive: true });
  const origin = { saved: scene.simulator.save(), state, now: scene.world.now(), kept: keeps?.(scene) ?? [] };
  await scene.close();
  return origin;
}

/** A fresh world at the start of the journey, with the file that is to be reached. */
export async function setOut(
  { journey, origin }: Pick<Course, "journey" | "origin">,
  options: SceneOptions = {},
): Promise<Scene> {
  const clock = makeJumpingClock(origin?.now ?? start);
  const saved = origin ? { saved: origin.saved } : {};
  const scene = await openScene({ environment: variables, clock, ...saved, ...options });
  if (origin) await cp(origin.state, join(scene.folder, "state"), { recursive: true });
  await scene.write(journey.to);
  return scene;
}

/** What a run may end with for no other reason than that a list lags: whoever comes later finds it settled. */
const lagCodes = new Set(["uncertain-create", "made-earlier", "incomplete-read", "still-there"]);

/**
 * Another process does what is left. Where it may not know yet whether something was made, one more comes a quarter of an
 * hour later; answers with the problems of all of them.
 */
export async function finish(scene: Scene, how: ApplyInput = input): Promise<RunReport> {
  const told: Problem[] = [];
  for (let run = 1; ; run += 1) {
    const end = await new Mortal(scene).apply(how).catch((error: unknown) => {
      if (error instanceof ProblemError) return error.problems;
      throw error;
    });
    if (end === "died") throw new Error("nobody killed the last run");
    const problems = "verdict" in end ? end.problems : end;
    told.push(...problems);
    if ("verdict" in end && end.verdict === "done") return { ...end, problems: told };
    if (!isForLater(problems) || run === mostRuns)
      throw new Error(`the last run was not done: ${JSON.stringify(problems)}`);
    await scene.world.sleep(untilLater);
  }
}

/** Whether it failed for no other reason than that it is too early to know. */
export function isForLater(problems: readonly Problem[]): boolean {
  const errors = problems.filter(({ severity }) => severity === "error");
  return errors.length > 0 && errors.every(({ code }) => lagCodes.has(code));
}

/** How many runs may be needed, and how long whoever finishes waits between them. */
export const mostRuns = 4;
export const untilLater = 15 * 60_000;

/** First deploys that were over before they could be cancelled, which the reports have to say. */
export function lateCancels(...reports: readonly Pick<RunReport, "problems">[]): readonly string[] {
  const late = reports.flatMap(({ problems }) => problems).filter(({ code }) => code === "late-cancel");
  return late.flatMap(({ message }) => /dep-[0-9a-v]{20}/u.exec(message) ?? []);
}

/**
 * An hour later, when every deploy has come to its end: whoever looks at one settles it. `late`: deploys that the reports
 * owned up to.
 */
export async function formNow(scene: Scene, late: readonly string[] = []): Promise<string> {
  await scene.world.sleep(3_600_000);
  const services = scene.rows("services") as readonly { readonly id: string }[];
  for (const { id } of services) await scene.edit("GET", `/services/${id}/deploys`);
  return formOf(scene.simulator.save(), await scene.inventory(), late);
}

/** What the next plan would still do. */
export async function leftIn(scene: Scene): Promise<readonly string[]> {
  const plan = await scene.plan(agreed);
  return plan.steps.map((step) => step.id);
}

/** What the journey was to keep and is not there any more. */
export function lostIn(
  account: Account,
  { journey, kept }: Pick<Course, "journey" | "kept">,
): readonly string[] {
  const there = new Set(journey.keeps?.(account) ?? []);
  return kept.filter((one) => !there.has(one)).map((one) => `lost: ${one}`);
}

/** Every object that was really deleted, once each. */
export function deletesOf({ requests }: Pick<Scene, "requests">): readonly string[] {
  const done = requests.filter(({ method, status }) => method === "DELETE" && status < 400);
  return [...new Set(done.map(({ path }) => path))]
    .map((path) => path.replaceAll(/[a-z]{3}-[0-9a-v]{20}(-a)?/gu, "*"))
    .sort();
}
