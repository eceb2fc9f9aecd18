import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DesiredState } from "../../src/core/model/desired.ts";
import type { Json } from "../../src/core/base/json.ts";
import { readDesired } from "../../src/file/blocks/desired.ts";
import { fileKinds } from "../../src/providers/file-kinds.ts";
import { makeIdleClock } from "../idle-clock.ts";
import { openScene, start, type Scene, type SceneOptions } from "../scene.ts";
import { sharedFolder } from "./shared-folder.ts";

/** Where every scene's file came from, as a person would have it in a checkout. */
const corpusFile = "render.yaml";

/** Names of the corpus files, sorted. */
export function corpusFiles(): readonly string[] {
  return readdirSync(join(sharedFolder(), "corpus/blueprints")).sort();
}

function readCorpusFile(file: string): string {
  return readFileSync(join(sharedFolder(), "corpus/blueprints", file), "utf8");
}

/** The file as the program understands it, and the codes of its errors when it does not. */
export function readCorpusState(file: string): {
  readonly state: DesiredState | undefined;
  readonly errors: readonly string[];
} {
  const source = { name: corpusFile, text: readCorpusFile(file) };
  const { state, problems } = readDesired([source], { kinds: fileKinds, today: "2026-11-22" });
  const codes = problems.filter(({ severity }) => severity === "error").map(({ code }) => code);
  return { state, errors: [...new Set(codes)].sort() };
}

/** The state of a file that loads. */
export function loadCorpusState(file: string): DesiredState {
  const { state, errors } = readCorpusState(file);
  if (!state) throw new Error(`${file} has errors: ${errors.join(", ")}`);
  return state;
}

/** A folder of its own without git, a fresh simulator, and in it what the file refers to without declaring it. */
export async function openCorpusScene(file: string, options: SceneOptions = {}): Promise<Scene> {
  const clock = makeIdleClock(start);
  const scene = await openScene({ limits: "off", clock, send: clock.send, ...options });
  await scene.write(readCorpusFile(file), corpusFile);
  await putTargets(scene, readCorpusState(file).state?.targets ?? []);
  return scene;
}

async function putTargets(scene: Scene, targets: DesiredState["targets"]): Promise<void> {
  const ownerId = scene.simulator.env["RENDER_OWNER_ID"]!;
  const creations: { readonly [kind: string]: (name: string) => readonly [path: string, body: Json] } = {
    "render/env-group": (name) => ["/env-groups", { name, ownerId, envVars: [] }],
    "render/postgres": (name) => ["/postgres", { name, ownerId, plan: "basic_256mb", version: "17" }],
  };
  for (const { kind, name } of targets) {
    const creation = creations[kind];
    if (!creation) throw new Error(`${name}: the corpus has targets of another kind, ${kind}`);
    await scene.edit("POST", ...creation(name));
  }
}
