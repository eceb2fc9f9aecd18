import { access, constants, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { DesiredState } from "../core/model/desired.ts";
import { emptyInventory } from "../core/model/inventory.ts";
import { isObject } from "../core/base/json.ts";
import type { Reader } from "../core/kind/reader.ts";
import { ProblemError, type Problem } from "../core/base/problem.ts";
import { Secret } from "../core/base/secret.ts";
import type { Store } from "../store/base/store.ts";
import type { Check } from "../views/account/doctor.ts";
import { apiHost, renderHost } from "./accounts/api-host.ts";
import { connect, providersOf } from "./accounts/connect.ts";
import type { Deps } from "./base/deps.ts";
import { checkRendercad } from "./accounts/doctor-rendercad.ts";
import { openStore, type FileInput } from "./files/load.ts";
import { readFiles } from "./files/read-files.ts";
import { findRenderKey, findWorkspace } from "./accounts/render-account.ts";
import { stateWithout } from "./accounts/without-file.ts";

/** What `doctor` is given: the file as every command, and the version of Node that runs it. */
export type DoctorInput = FileInput & {
  /** As Node says it, with its `v`. */
  readonly node: string;
};

const oldestNode = [20, 19] as const;
/** A clock that is further off makes ages, leases and windows wrong; a lease is checked with 30 s to spare. */
const mostSkew = 30_000;

/** `doctor`: every check on its own, so that one that fails hides none of the others. Reads only. */
export async function runDoctor(input: DoctorInput, deps: Deps): Promise<readonly Check[]> {
  const { state, check: file } = await checkFile(input, deps);
  const usable = state ?? stateWithout(undefined);
  const declared = providersOf(usable, emptyInventory(""));
  const [render, rendercad, clock, stored] = await Promise.all([
    checkRender(deps, usable, declared.has("render")),
    guardAll("RENDERCAD", () => checkRendercad(deps, declared.has("rendercad"))),
    guard("clock", () => checkClock(deps)),
    state ? guardAll("state", async () => checkState(await openStore(state, input, deps), state)) : [],
  ]);
  return [checkNode(input.node), file, ...render, ...rendercad, clock, ...stored];
}

/** The checks of Render; none where the file declares nothing of it and there is no key. */
async function checkRender(deps: Deps, state: DesiredState, isDeclared: boolean): Promise<readonly Check[]> {
  if (!isDeclared && !((await findRenderKey(deps)) instanceof Secret)) return [];
  return Promise.all([
    guard("API key", () => checkKey(deps)),
    guard("workspace", () => checkWorkspace(deps, state)),
  ]);
}

function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.replace(/^v/u, "").split(".").map(Number);
  const isOld = major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]);
  return isOld
    ? {
        name: "Node.js",
        verdict: "failed",
        says: `${version} is too old.`,
        remedy: `Install ${oldestNode.join(".")} or newer; 24 is the one that is tested most.`,
      }
    : { name: "Node.js", verdict: "fine", says: version };
}

async function checkFile(
  input: FileInput,
  deps: Deps,
): Promise<{ readonly state?: DesiredState; readonly check: Check }> {
  const name = "file";
  try {
    const { state, problems, names } = await readFiles(input, deps);
    const files = names.join(", ");
    if (state)
      return {
        state,
        check: {
          name,
          verdict: "fine",
          says: `${files} declares ${count(state.resources.length, "resource")}`,
        },
      };
    const errors = problems.filter(({ severity }) => severity === "error").length;
    return {
      check: {
        name,
        verdict: "failed",
        says: `${files} has ${count(errors, "error")}.`,
        remedy: "trueup validate shows them with their places.",
      },
    };
  } catch (error) {
    return { check: checkOf(name, problemsOf(error)) };
  }
}

async function connectRender(deps: Deps, state: DesiredState): Promise<{ readonly reader: Reader }> {
  const { readers } = await connect(deps, state, { onWait: () => undefined }, new Set(["render"]));
  return { reader: readers.render };
}

async function checkKey(deps: Deps): Promise<Check> {
  const { reader } = await connectRender(deps, stateWithout(undefined));
  const user = await reader.get("/users");
  const email = isObject(user) && typeof user["email"] === "string" ? user["email"] : "a user without e-mail";
  return {
    name: "API key",
    verdict: "fine",
    says: `works, for ${email}`,
  };
}

async function checkWorkspace(deps: Deps, state: DesiredState): Promise<Check> {
  const { reader } = await connectRender(deps, state);
  const { id, name } = await findWorkspace(deps, state, reader);
  const found = await reader.get(`/owners/${encodeURIComponent(id)}`);
  const says = name === undefined ? id : `${name} (${id})`;
  if (found !== undefined) return { name: "workspace", verdict: "fine", says };
  return {
    name: "workspace",
    verdict: "failed",
    says: `The key does not reach ${says}.`,
    remedy:
      "Correct workspace: or RENDER_OWNER_ID, or use a key of a member. trueup whoami lists what it reaches.",
  };
}

/** Every answer of the API says what time it is there, a refusal as well, so this needs no key. */
async function checkClock({ world, environment }: Deps): Promise<Check> {
  const before = world.now();
  const answer = await world.send({
    method: "GET",
    url: `${apiHost(renderHost, environment[renderHost.variable])}/users`,
    headers: { accept: "application/json" },
    timeout: 10_000,
  });
  const there = Date.parse(answer.headers["date"] ?? "");
  if (Number.isNaN(there))
    return {
      name: "clock",
      verdict: "warning",
      says: "The API does not say what time it is.",
      remedy: "Check the clock of this machine by hand.",
    };
  // The header has whole seconds.
  const skew = Math.max(0, Math.abs(there - (before + world.now()) / 2) - 1_000);
  if (skew <= mostSkew) return { name: "clock", verdict: "fine", says: "agrees with the API" };
  return {
    name: "clock",
    verdict: "warning",
    says: `is ${count(Math.round(skew / 1_000), "second")} off.`,
    remedy: "Set it by the network: locks and limits count time.",
  };
}

async function checkState(store: Store, { settings }: DesiredState): Promise<readonly Check[]> {
  const read = await guard("state", async () => {
    const [inventory, lease] = await Promise.all([store.inventory(), store.lease()]);
    const says = `${store.place}, ${inventory ? `${count(Object.keys(inventory.resources).length, "resource")} owned` : "nothing owned yet"}`;
    if (!lease) return { name: "state", verdict: "fine", says };
    const { user, host, since } = lease.holder;
    return {
      name: "state",
      verdict: "warning",
      says: `${says}, locked by ${user} on ${host} since ${since}`,
      remedy: "Wait for that run. If it is certainly gone: trueup state unlock.",
    };
  });
  return settings.state?.backend === "git" ? [read] : [read, await checkFolder(dirname(store.place))];
}

/** The key beside the state must never be committed; the first write puts an ignore file there. */
async function checkFolder(folder: string): Promise<Check> {
  const name = "state folder";
  const there = await nearest(folder);
  try {
    await access(there, constants.W_OK);
  } catch {
    return {
      name,
      verdict: "failed",
      says: `${there} cannot be written to.`,
      remedy: "Give this user the right to write there, or keep the state elsewhere: state.path.",
    };
  }
  const ignored = await readFile(join(folder, ".gitignore"), "utf8").catch(() => undefined);
  if (there !== folder) return { name, verdict: "fine", says: `${folder} can be made` };
  const lines = new Set((ignored ?? "").split(/\r?\n/u).map((line) => line.trim()));
  if (lines.has("key") || lines.has("*"))
    return { name, verdict: "fine", says: "can be written to, and its key is ignored by git" };
  return {
    name,
    verdict: "warning",
    says: "Git does not ignore the key of the state.",
    remedy: `Write the line "key" into ${join(folder, ".gitignore")}; if the key was committed, it is not secret any more.`,
  };
}

/** The folder, or the first one above it that is there. */
async function nearest(folder: string): Promise<string> {
  for (let here = folder; ; here = dirname(here)) {
    const isThere = await access(here).then(
      () => true,
      () => false,
    );
    if (isThere || dirname(here) === here) return here;
  }
}

async function guard(name: string, check: () => Promise<Check>): Promise<Check> {
  try {
    return await check();
  } catch (error) {
    return checkOf(name, problemsOf(error));
  }
}

async function guardAll(name: string, check: () => Promise<readonly Check[]>): Promise<readonly Check[]> {
  try {
    return await check();
  } catch (error) {
    return [checkOf(name, problemsOf(error))];
  }
}

function checkOf(name: string, [first]: readonly Problem[]): Check {
  return {
    name,
    verdict: "failed",
    says: first?.message ?? "It could not be checked.",
    ...(first && { remedy: first.remedy }),
  };
}

/** A network that is not there is an answer too; a fault of this program is none. */
function problemsOf(error: unknown): readonly Problem[] {
  if (error instanceof ProblemError) return error.problems;
  if (error instanceof Error && ("code" in error || error.name === "TimeoutError")) {
    return [
      {
        code: "unreachable",
        severity: "error",
        message: `The API could not be reached: ${error.message}.`,
        remedy: "Check the network, HTTPS_PROXY and RENDER_HOST.",
      },
    ];
  }
  throw error;
}

function count(many: number, one: string): string {
  return `${many} ${many === 1 ? one : `${one}s`}`;
}
