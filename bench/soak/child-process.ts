import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RequestLine } from "../../src/simulator/server/server.ts";
import { startSimulator, type Simulator } from "../../src/simulator/start.ts";
import { joinVirtualClock } from "../../src/world/virtual-clock.ts";
import { sources, switches, type End, type Ground, type Start } from "./ground.ts";

const program = join(process.env["npm_config_local_prefix"] ?? process.cwd(), "dist/main.js");

/** The built program, a process for each run, killed by SIGKILL, on the simulator's virtual clock. */
export async function openChildProcess(seed: number): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), "trueup-soak-"));
  const hear = { request: (_line: RequestLine): void => undefined };
  const simulator = await startSimulator({
    seed,
    clock: "virtual",
    limits: "documented",
    switches,
    onRequest: (line) => hear.request(line),
  });
  const control = async (action: string, told: object): Promise<unknown> => {
    const body = JSON.stringify(told);
    return (await fetch(`${simulator.control}/${action}`, { method: "POST", body })).json();
  };
  return {
    folder,
    owner: simulator.env["RENDER_OWNER_ID"]!,
    ownToken: simulator.env["RENDERCAD_API_TOKEN"]!,
    write: (name, text) => writeFile(join(folder, name), text),
    apply: (start) => apply(simulator, folder, hear, start),
    edit: async (method, path, body, api = "render") => {
      const actor = { email: "grace@acme.test" };
      const answer = await control("edit", { actor, api, method, path, ...(body !== undefined && { body }) });
      return (answer as { readonly status: number }).status;
    },
    setFaults: async (faults) => void (await control("faults", { faults })),
    wait: async (milliseconds) => {
      const clock = await joinVirtualClock(simulator.env["TRUEUP_SIM_CLOCK"]!);
      await clock.sleep(milliseconds);
      clock.close();
    },
    tables: () => simulator.save().tables,
    close: async () => {
      await simulator.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type Hearing = { request: (line: RequestLine) => void };

/** The n-th write is answered, and the process is gone. */
async function apply(simulator: Simulator, folder: string, hear: Hearing, start: Start): Promise<End> {
  const files = start.files.flatMap((file) => ["-f", file]);
  const flags = start.flags.flatMap((flag) => flag.split(" ").map(unquote));
  const always = ["--yes", "--json", "--events", "--repo", "https://github.com/acme/app"];
  const child = spawn(process.execPath, [program, "apply", ...files, ...always, ...flags], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], HOME: folder, LANG: "C.UTF-8", ...simulator.env, ...sources },
  });
  let writes = 0;
  hear.request = ({ method }) => {
    if (method === "GET") return;
    writes += 1;
    if (writes === start.kill?.number) child.kill("SIGKILL");
  };
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const signal = await new Promise<NodeJS.Signals | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (_code, how) => resolve(how));
  });
  hear.request = () => undefined;
  const text = `${stdout}\n${stderr}`;
  return { ...(signal === "SIGKILL" ? { ...nothing, verdict: "died" } : read(stdout)), text, writes };
}

const nothing = { codes: [], refusals: [], flags: [], unanswerable: [] };

/** What `--json` prints, of a run or of problems alone. */
type Document = {
  readonly verdict?: string;
  readonly problems?: readonly { readonly code: string }[];
  readonly plan?: {
    readonly refusals?: readonly { readonly code: string }[];
    readonly answers?: { readonly flags: readonly string[]; readonly unanswerable: readonly string[] };
  };
};

function read(stdout: string): Omit<End, "text" | "writes"> {
  let said: Document;
  try {
    said = JSON.parse(stdout) as Document;
  } catch {
    return { ...nothing, verdict: "threw" };
  }
  const { verdict = "failed", problems = [], plan = {} } = said;
  const { flags = [], unanswerable = [] } = plan.answers ?? {};
  const refusals = (plan.refusals ?? []).map(({ code }) => code);
  return { verdict, codes: problems.map(({ code }) => code), refusals, flags, unanswerable };
}

function unquote(word: string): string {
  return /^'.*'$/u.test(word) ? word.slice(1, -1) : word;
}
