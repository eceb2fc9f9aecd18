import { isAbsolute, join } from "node:path";
import { problem, ProblemError } from "../../core/base/problem.ts";
import type { Secret } from "../../core/base/secret.ts";
import { openKeyRing } from "../../store/secrets/key-ring.ts";
import { prepareFolder, readSignIns, writeSignIns, type SignIn } from "../../store/secrets/sign-ins.ts";
import { apiHost, rendercadHost } from "./api-host.ts";
import type { Deps, Environment } from "../base/deps.ts";

type StoreDeps = Pick<Deps, "environment">;

/** A sign-in without its token: for showing. */
export type KnownSignIn = Omit<SignIn, "token">;

/** What `login rendercad` keeps, and where; `undefined` where the environment names no home. */
export function signInsPath(environment: Environment): string | undefined {
  // A relative one is to be ignored (XDG Base Directory Specification).
  const configured = [environment["XDG_CONFIG_HOME"], environment["APPDATA"]].map((path) =>
    path !== undefined && isAbsolute(path) ? path : undefined,
  );
  const home = environment["HOME"] ?? "";
  const folder = configured[0] ?? (home === "" ? configured[1] : join(home, ".config"));
  return folder === undefined ? undefined : join(folder, "trueup", "rendercad.json");
}

/** Where RENDERCAD is: a sign-in counts for that place alone, so that a token is never sent elsewhere. */
export function hostOfRendercad({ environment }: StoreDeps): string {
  return apiHost(rendercadHost, environment[rendercadHost.variable]);
}

/** RENDERCAD_API_TOKEN wins over a sign-in. */
export function isVariableSet({ environment }: StoreDeps): boolean {
  return (environment["RENDERCAD_API_TOKEN"] ?? "").trim() !== "";
}

/** The sign-in at the RENDERCAD_HOST of now; one for another host is none. */
export async function findSignIn(deps: StoreDeps): Promise<KnownSignIn | undefined> {
  const found = await find(deps);
  if (!found) return undefined;
  const { token: _token, ...known } = found;
  return known;
}

/** The token that was kept for the RENDERCAD_HOST of now. Throws when there is one that cannot be had. */
export async function readStoredToken(deps: StoreDeps): Promise<Secret | undefined> {
  const signIn = await find(deps);
  if (!signIn || signIn.token) return signIn?.token;
  const token = await openKeyRing(deps.environment)?.find(signIn.host);
  if (token) return token;
  const message = "The token that was kept at sign-in cannot be read from the system's key ring.";
  const remedy =
    "Unlock the key ring, set RENDERCAD_API_TOKEN, or keep it in a file: trueup login rendercad --again --no-key-ring.";
  throw new ProblemError([problem("error", "key-ring", message, remedy)]);
}

/** Sees to it that a token can be kept, before there is one. */
export async function prepareStore({ environment }: StoreDeps): Promise<string> {
  const path = signInsPath(environment);
  if (path === undefined) {
    const message = "There is no place to keep a sign-in: neither XDG_CONFIG_HOME nor HOME is set.";
    const remedy = "Set one of them, or use RENDERCAD_API_TOKEN instead of signing in.";
    throw new ProblemError([problem("error", "no-home", message, remedy)]);
  }
  await readSignIns(path);
  await prepareFolder(path);
  return path;
}

/** In the system's key ring where that works and is wanted, else in the file; there it takes the place of an earlier one. */
export async function storeToken(
  deps: StoreDeps,
  { token, signedInAt, keyRing }: { token: Secret; signedInAt: string; keyRing: boolean },
): Promise<KnownSignIn> {
  const host = hostOfRendercad(deps);
  const ring = openKeyRing(deps.environment);
  const isInRing = keyRing && ring !== undefined && (await ring.store(host, token));
  const known: KnownSignIn = { host, email: "", signedInAt, keptIn: isInRing ? "key ring" : "file" };
  const earlier = await find(deps);
  try {
    await replace(deps, host, isInRing ? known : { ...known, token });
  } catch (error) {
    if (isInRing) await ring.remove(host);
    throw error;
  }
  if (!isInRing && earlier?.keptIn === "key ring") await ring?.remove(host);
  return known;
}

/** Remembers whose token it is. */
export async function nameSignIn(deps: StoreDeps, email: string): Promise<void> {
  const signIn = await find(deps);
  if (signIn) await replace(deps, signIn.host, { ...signIn, email });
}

/** Forgets the sign-in at the RENDERCAD_HOST of now; `undefined` when there was none. */
export async function removeToken(
  deps: StoreDeps,
): Promise<{ readonly signIn: KnownSignIn; readonly isLeftInRing: boolean } | undefined> {
  const signIn = await findSignIn(deps);
  if (!signIn) return undefined;
  const isLeftInRing =
    signIn.keptIn === "key ring" && !(await openKeyRing(deps.environment)?.remove(signIn.host));
  await replace(deps, signIn.host, undefined);
  return { signIn, isLeftInRing };
}

async function find(deps: StoreDeps): Promise<SignIn | undefined> {
  const path = signInsPath(deps.environment);
  if (path === undefined) return undefined;
  const host = hostOfRendercad(deps);
  return (await readSignIns(path)).find((signIn) => signIn.host === host);
}

async function replace(deps: StoreDeps, host: string, signIn: SignIn | undefined): Promise<void> {
  const path = signInsPath(deps.environment) ?? "";
  const others = (await readSignIns(path)).filter((one) => one.host !== host);
  await writeSignIns(path, signIn ? [...others, signIn] : others);
}
