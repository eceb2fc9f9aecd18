import { cp } from "node:fs/promises";
import { join } from "node:path";
import { finish, input } from "../crash/course.ts";
import { Mortal, type Cut, type Passed } from "../crash/mortal.ts";
import { openScene, type Scene } from "../scene.ts";
import {
  activeNames,
  activeTokens,
  callRendercad,
  serviceText,
  takingToken,
  variablesOf,
} from "./shown-once.ts";

const hook = "https://hooks.example.com/done";
const services = (scope: string, events: string): string => `envVarGroups:
  - name: shared
    envVars:
      - { key: SHARED_TOKEN, fromRendercadToken: { name: shared } }
services:
${serviceText("a", `${takingToken("prod")}      - { key: HOOK, fromRendercadWebhook: { name: done, property: secret } }\n      - fromGroup: shared\n`)}${serviceText("b", takingToken("prod"))}rendercad:
  tokens: [{ name: prod, scope: ${scope} }, { name: shared, scope: read-only }]
  webhooks: [{ name: done, url: "${hook}", events: [${events}] }]
`;

const before = services("render-only", "render.completed");
/** Everything that is shown once is made anew: two tokens have another scope or are asked for, the webhook has other events. */
const after = services("read-only", "render.failed");

/** One way through: from nothing to a file, or a rotation of everything by another file. */
export type Way = "delivery" | "rotation";

/** Where a rotation begins, kept so that each cut starts from the same. */
export async function reachStart(way: Way): Promise<Start> {
  if (way === "delivery") return {};
  const scene = await openScene();
  await scene.write(before);
  const report = await new Mortal(scene).apply(input);
  if (report === "died" || report.verdict !== "done") throw new Error("the start was not reached");
  const state = `${scene.folder}.origin`;
  await cp(join(scene.folder, "state"), state, { recursive: true });
  const start = { saved: scene.simulator.save(), state, now: scene.world.now() };
  await scene.close();
  return start;
}

export type Start = {
  readonly saved?: ReturnType<Scene["simulator"]["save"]>;
  readonly state?: string;
  readonly now?: number;
};

async function setOut(way: Way, start: Start): Promise<Scene> {
  const scene = await openScene(start.saved ? { saved: start.saved } : {});
  if (start.state !== undefined) await cp(start.state, join(scene.folder, "state"), { recursive: true });
  await scene.write(way === "delivery" ? before : after);
  return scene;
}

/** How many points an undisturbed run passes. */
export async function countPoints(way: Way, start: Start): Promise<Passed> {
  const scene = await setOut(way, start);
  try {
    const process = new Mortal(scene);
    const report = await process.apply(input);
    if (report === "died" || report.verdict !== "done")
      throw new Error(`nothing was in its way, and it ended ${JSON.stringify(report)}`);
    const wrong = await findWrong(scene);
    if (wrong.length > 0) throw new Error(`nothing was in its way: ${wrong.join("; ")}`);
    return process.passed;
  } finally {
    await scene.close();
  }
}

/** Kills the run there, lets one more run go to its end, and says what is wrong with the two accounts then. */
export async function cutAt(way: Way, start: Start, cut: Cut): Promise<readonly string[]> {
  const scene = await setOut(way, start);
  try {
    const end = await new Mortal(scene, cut).apply(input);
    // Every other run that follows carries on with what was approved, and does nothing else.
    await finish(scene, { ...input, resume: cut.number % 2 === 0 && (await hasApproval(scene)) });
    return [...(end === "died" ? [] : ["the run was not killed"]), ...(await findWrong(scene))];
  } catch (error) {
    return [`failed: ${String(error)}`];
  } finally {
    await scene.close();
  }
}

async function hasApproval(scene: Scene): Promise<boolean> {
  return scene.read("state/default/plan.json").then(
    () => true,
    () => false,
  );
}

/** Exactly the declared tokens, all delivered, all working, none unknown; and nothing left to do. */
async function findWrong(scene: Scene): Promise<readonly string[]> {
  const wrong: string[] = [];
  const tokens = activeTokens(scene);
  const names = activeNames(scene);
  if (names.join() !== "prod,shared") wrong.push(`tokens are ${names.join()}`);
  const places = [
    ["a", "TOKEN", "prod"],
    ["b", "TOKEN", "prod"],
    ["shared", "SHARED_TOKEN", "shared"],
  ] as const;
  for (const [holder, key, name] of places) {
    const value = variablesOf(scene, holder)[key];
    const token = tokens.find((row) => row["tokenName"] === name)?.["token"];
    if (value !== token) wrong.push(`${holder} ${key} is not the token ${name}`);
    const check = await callRendercad(scene, "/auth.php?action=check", undefined, value ?? "");
    if (check.status !== 200) wrong.push(`${holder} ${key} does not work`);
  }
  const webhooks = scene.rows("rendercad webhooks");
  if (webhooks.length !== 1) wrong.push(`there are ${webhooks.length} webhooks`);
  if (variablesOf(scene, "a")["HOOK"] !== webhooks[0]?.["secret"]) wrong.push("a HOOK is not the secret");
  const left = await scene.plan();
  wrong.push(...left.steps.map((step) => `left to do: ${step.id}`));
  wrong.push(...left.refusals.map((refusal) => `refused: ${refusal.message}`));
  const { pending } = await scene.inventory();
  if (pending) wrong.push(`pending: ${JSON.stringify(pending)}`);
  return wrong;
}
