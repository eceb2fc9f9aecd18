import { hostname } from "node:os";
import type { ApplyInput } from "../../src/commands/apply.ts";
import { runApply } from "../../src/commands/apply.ts";
import { runPlan } from "../../src/commands/plan.ts";
import type { Deps } from "../../src/commands/deps.ts";
import type { Plan } from "../../src/core/plan.ts";
import type { RunReport } from "../../src/core/report.ts";
import type { Transport } from "../../src/world/transport.ts";
import type { Scene } from "../scene.ts";

/** Where a run dies: at its n-th write before or after it reached the API, or at its n-th journal line, torn or not. */
export type Cut =
  | { readonly at: "before-write" | "after-write"; readonly number: number }
  | { readonly at: "append" | "torn-append"; readonly number: number };

export type Counted = { writes: number; appends: number };

const never = new Promise<never>(() => undefined);
/** No process has it: a lock that names it was left by a dead one. */
const deadPid = 2 ** 22 + 1;

export const applyInput: ApplyInput = {
  files: [],
  repo: "https://github.com/acme/app",
  strictValues: false,
  allowDataLoss: [],
  adopt: false,
  replaceValues: false,
  allowEnv: [],
  targets: [],
  excludes: [],
  yes: true,
};

/**
 * A process that may die: after the cut nothing of it reaches the API or the disk any more, and nobody hears of it again.
 * `counted` says how many points of each sort were passed.
 */
export function mortal(
  scene: Scene,
  cut: Cut | undefined,
  counted: Counted = { writes: 0, appends: 0 },
): { readonly deps: Deps; readonly died: Promise<"died"> } {
  let isDead = false;
  let report: (word: "died") => void = () => undefined;
  const died = new Promise<"died">((resolve) => (report = resolve));
  const die = (): Promise<never> => {
    isDead = true;
    report("died");
    return never;
  };
  const send: Transport = async (request) => {
    if (isDead) return never;
    if (request.method === "GET") return scene.world.send(request);
    counted.writes += 1;
    const isHere = cut?.number === counted.writes;
    if (cut?.at === "before-write" && isHere) return die();
    const answer = await scene.world.send(request);
    return (cut?.at === "after-write" && isHere) || isDead ? die() : answer;
  };
  const deps: Deps = {
    ...scene.deps,
    user: { name: "ada", host: hostname(), pid: deadPid },
    world: { ...scene.world, send, sleep: (time) => (isDead ? never : scene.world.sleep(time)) },
    watchAppend: async (write) => {
      if (isDead) return never;
      counted.appends += 1;
      if (cut && "number" in cut && cut.number === counted.appends && cut.at === "append") return die();
      if (cut && cut.number === counted.appends && cut.at === "torn-append") {
        await write("torn");
        return die();
      }
      await write("whole");
      return undefined;
    },
  };
  return { deps, died };
}

/** Applies until it is done or dead. */
export async function applyMortally(
  scene: Scene,
  cut: Cut | undefined,
  counted?: Counted,
): Promise<RunReport | "died"> {
  const { deps, died } = mortal(scene, cut, counted);
  return Promise.race([runApply(applyInput, deps), died]);
}

export async function applyAgain(scene: Scene): Promise<RunReport> {
  return runApply(applyInput, { ...scene.deps, user: { name: "ada", host: hostname(), pid: deadPid } });
}

export async function planAgain(scene: Scene): Promise<Plan> {
  return runPlan({ ...applyInput, adopt: null }, scene.deps);
}
