import type { ApplyInput } from "../../src/commands/run/apply-input.ts";
import { joinAnswers } from "../../src/core/consent/answers.ts";
import { ProblemError } from "../../src/core/base/problem.ts";
import type { RunReport } from "../../src/core/run/report.ts";
import type { Json } from "../../src/core/base/json.ts";
import { renderRunJson } from "../../src/views/json/plan-json.ts";
import { Mortal } from "../../test/crash/mortal.ts";
import type { Transport } from "../../src/world/transport.ts";
import { setFaults } from "../../test/observe.ts";
import { openScene, planDefaults, type Scene } from "../../test/scene.ts";
import { Dice } from "./dice.ts";
import { sources, switches, type End, type Ground, type Start } from "./ground.ts";
import { timeouts } from "./weather.ts";

/** The program in this process, on a clock that jumps: it can be killed between any two lines of its journal. */
export async function openInProcess(seed: number): Promise<Ground> {
  const opened = await openScene({ seed, environment: sources, switches });
  const silence = fallSilent(seed, opened.world);
  // Outside of what the clock counts as a call under way: who waits for no answer is no work.
  const scene: Scene = { ...opened, world: { ...opened.world, send: silence.send } };
  return {
    folder: scene.folder,
    owner: scene.simulator.env["RENDER_OWNER_ID"]!,
    ownToken: scene.simulator.env["RENDERCAD_API_TOKEN"]!,
    write: (name, text) => scene.write(text, name),
    apply: (start) => apply(scene, start),
    edit: async (method, path, body, api = "render") => {
      try {
        await scene.edit(method, path, body as Json | undefined, api);
        return 200;
      } catch {
        return 400;
      }
    },
    setFaults: async (faults) => {
      silence.isOn = faults === timeouts;
      await setFaults(scene, silence.isOn ? "" : faults);
    },
    wait: (milliseconds) => scene.world.sleep(milliseconds),
    tables: () => scene.simulator.save().tables,
    close: () => scene.close(),
  };
}

/** Some calls are not answered in time, whether they arrived or not; the minute that it took has passed. */
function fallSilent(seed: number, { send, sleep }: Scene["world"]) {
  const dice = new Dice(seed);
  const silence = {
    isOn: false,
    send: async (request: Parameters<Transport>[0]): ReturnType<Transport> => {
      if (!silence.isOn || !dice.chance(0.05)) return send(request);
      if (dice.chance(0.5)) await send(request);
      await sleep(request.timeout);
      throw new DOMException("The operation was aborted due to timeout", "TimeoutError");
    },
  };
  return silence;
}

async function apply(scene: Scene, start: Start): Promise<End> {
  const [events, requests] = [scene.events.length, scene.requests.length];
  const process = new Mortal(scene, start.kill);
  const said = (ended: string): Pick<End, "text" | "writes"> => ({
    text: `${ended}\n${JSON.stringify(scene.events.slice(events))}`,
    writes: scene.requests.slice(requests).filter(({ method }) => method !== "GET").length,
  });
  const none = { codes: [], refusals: [], flags: [], unanswerable: [] };
  try {
    const report = await process.apply({ ...readFlags(start), files: start.files });
    if (report === "died") return { ...none, verdict: "died", ...said("") };
    return { ...read(report), ...said(renderRunJson(report)) };
  } catch (error) {
    if (!(error instanceof ProblemError)) return { ...none, verdict: "threw", ...said(describe(error)) };
    const { problems } = error;
    const text = JSON.stringify(problems);
    return { ...none, verdict: "failed", codes: problems.map(({ code }) => code), ...said(text) };
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function read({ verdict, problems, plan }: RunReport): Omit<End, "text" | "writes"> {
  const { flags, unanswerable } = joinAnswers(plan.refusals);
  const codes = problems.map(({ code }) => code);
  return { verdict, codes, refusals: plan.refusals.map(({ code }) => code), flags, unanswerable };
}

/** As the command line reads them. */
function readFlags({ flags }: Start): ApplyInput {
  const given = (name: string): readonly string[] =>
    flags.filter((flag) => flag.startsWith(`${name} `)).map((flag) => unquote(flag.slice(name.length + 1)));
  const deletes = given("--allow-deletes").at(-1);
  const values = given("--values").at(-1);
  return {
    ...planDefaults,
    yes: true,
    allowDataLoss: given("--allow-data-loss"),
    allowReplace: given("--allow-replace"),
    allowGaps: given("--allow-gap"),
    adopt: flags.includes("--adopt"),
    recreateGone: flags.includes("--recreate-gone"),
    ...(flags.includes("--no-export") && { noExport: true }),
    ...(deletes !== undefined && { allowDeletes: Number(deletes) }),
    ...(values !== undefined && { values }),
  };
}

/** Addresses with a character that a shell reads stand in quotes. */
function unquote(word: string): string {
  return /^'.*'$/u.test(word) ? word.slice(1, -1) : word;
}
