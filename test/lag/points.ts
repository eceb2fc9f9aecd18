import { ProblemError } from "../../src/core/base/problem.ts";
import { finish, input, leftIn } from "../crash/course.ts";
import { Mortal } from "../crash/mortal.ts";
import { setFaults, writesOf } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";
import type { MadeKind } from "./kinds.ts";

/**
 * How the answer to the creation is lost: the connection breaks before or after it was done, an answer says that it failed
 * though it was done, or the process is killed before or after it was sent.
 */
const losses = [
  "reset-before",
  "drop-after-commit",
  "500-after-commit",
  "502-after-commit",
  "503-after-commit",
  "504-after-commit",
  "killed before it was sent",
  "killed before the answer",
] as const;
type Loss = (typeof losses)[number];

/** Seconds for which a list does not show what was made, and goes on showing what was deleted. */
const lags = [0, 5, 60, 90] as const;

export type LagPoint = { readonly made: MadeKind; readonly loss: Loss; readonly lag: number };

export function lagPoints(kinds: readonly MadeKind[]): readonly LagPoint[] {
  return kinds.flatMap((made) => losses.flatMap((loss) => lags.map((lag) => ({ made, loss, lag }))));
}

/** Loses the answer while lists lag, lets runs go on until one is done, and says what is wrong with the account then. */
export async function loseAt({ made, loss, lag }: LagPoint): Promise<readonly string[]> {
  const scene = await openScene(made.options);
  try {
    await scene.write(made.from);
    await scene.apply();
    await scene.write(made.to);
    const lagging = lag === 0 ? [] : [`lag:${lag}`, `lag-deletes:${lag}`];
    const fault = loss.startsWith("killed") ? [] : [`${loss}@${made.method ?? "POST"} ${made.path}#1`];
    await setFaults(scene, [...lagging, ...fault].join(","));
    const before = scene.requests.length;
    await lose(scene, loss);
    await finish(scene);
    const sent = scene.requests.slice(before).length;
    await scene.world.sleep(120_000);
    const left = await leftIn(scene);
    const count = made.count(scene);
    const inventory = await scene.inventory();
    return [
      ...(sent === 0 ? ["nothing was sent"] : []),
      ...(count === 1 ? [] : [`there are ${count}, after ${writesOf(scene).join(", ")}`]),
      ...left.map((step) => `left to do: ${step}`),
      ...(inventory.pending ? [`pending: ${JSON.stringify(inventory.pending)}`] : []),
    ];
  } catch (error) {
    return [`failed: ${String(error)}`];
  } finally {
    await scene.close();
  }
}

async function lose(scene: Scene, loss: Loss): Promise<void> {
  if (!loss.startsWith("killed")) {
    await new Mortal(scene).apply(input).catch((error: unknown) => {
      if (!(error instanceof ProblemError)) throw error;
    });
    return;
  }
  const at = loss === "killed before the answer" ? "after-write" : "before-write";
  if ((await new Mortal(scene, { at, number: 1 }).apply(input)) !== "died")
    throw new Error("the run was not killed");
}
