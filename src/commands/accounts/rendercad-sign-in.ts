import { isOpenable, type DeviceCode } from "../../core/protocol/device-code.ts";
import { isObject } from "../../core/base/json.ts";
import { problem, ProblemError, type Problem } from "../../core/base/problem.ts";
import type { Secret } from "../../core/base/secret.ts";
import { CallError } from "../../http/failure.ts";
import type { DeviceLink, SignInReport, SignOutReport } from "../../views/account/sign-in.ts";
import { connect } from "./connect.ts";
import type { Deps } from "../base/deps.ts";
import { requestDeviceCode, waitForToken, type App } from "./rendercad-device-code.ts";
import {
  findSignIn,
  hostOfRendercad,
  isVariableSet,
  nameSignIn,
  prepareStore,
  removeToken,
  storeToken,
  type KnownSignIn,
} from "./rendercad-token-store.ts";
import { stateWithout } from "./without-file.ts";

/** How `login rendercad` is done. */
export type SignInInput = {
  /** Also when the token that was kept still works. */
  readonly again: boolean;
  /** May the system's key ring keep the token? */
  readonly keyRing: boolean;
  /** Absent where there is no person at a screen: the link is only shown then. */
  readonly openBrowser?: (url: string) => void;
  /** Told once, as soon as there is something to open. */
  readonly shown: (device: DeviceCode, link: DeviceLink) => void;
};

/** `login rendercad`: a token by device code, kept for the RENDERCAD_HOST of now, and checked there. */
export async function signIn(input: SignInInput, deps: Deps): Promise<SignInReport> {
  const place = await prepareStore(deps);
  const host = hostOfRendercad(deps);
  const earlier = await findSignIn(deps);
  const variableWins = isVariableSet(deps);
  const common = { host, place, variableWins };
  if (earlier && !input.again) {
    const checked = await checkKept(deps);
    if (!("refused" in checked)) return { ...common, ...checked, keptIn: earlier.keptIn, isNew: false };
  }
  const site = { deps, host };
  const device = await requestDeviceCode(site, appOf(deps));
  show(device, host, input);
  const token = await waitForToken(site, device);
  // Kept before anything else is done with it: it is shown once, and it is stored nowhere else.
  const { keptIn } = await keep(deps, token, input.keyRing);
  const checked = await checkKept(deps);
  if ("refused" in checked) {
    await removeToken(deps);
    throw new ProblemError([checked.refused]);
  }
  await nameSignIn(deps, checked.email);
  return { ...common, ...checked, keptIn, isNew: true };
}

/** `logout`: forgets the token of this machine. RENDERCAD is not asked: only its owner knows which other program has it too. */
export async function signOut(deps: Deps): Promise<SignOutReport> {
  const host = hostOfRendercad(deps);
  const variableWins = isVariableSet(deps);
  const removed = await removeToken(deps);
  return removed ? { host, variableWins, ...removed } : { host, variableWins };
}

/** RENDERCAD's page shows it, and its list of tokens may: a person has to know her machines by it. */
function appOf({ user, version }: Deps): App {
  const machine = user.host.replaceAll(/[^\w.-]/gu, "").slice(0, 60);
  return { name: machine === "" ? "trueup" : `trueup on ${machine}`, version };
}

/** The link and the code are shown first: a browser that does not open gives no sign of it. */
function show(device: DeviceCode, host: string, { openBrowser, shown }: SignInInput): void {
  if (!isOpenable(device.url, host)) return shown(device, "elsewhere");
  shown(device, openBrowser ? "opens" : "to open");
  openBrowser?.(device.url);
}

async function keep(deps: Deps, token: Secret, keyRing: boolean): Promise<KnownSignIn> {
  try {
    const signedInAt = new Date(deps.world.now()).toISOString();
    return await storeToken(deps, { token, signedInAt, keyRing });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `The token could not be kept: ${reason}.`;
    const remedy =
      "Nobody has it now: revoke the newest one in RENDERCAD under Settings > API Tokens, see to the place, and sign in again.";
    throw new ProblemError([problem("error", "sign-in-not-kept", message, remedy)], { cause });
  }
}

type Checked = { readonly email: string; readonly plan: string; readonly unchecked?: Problem };

/**
 * Whose token it is that was kept, asked with what was kept. `refused`: RENDERCAD does not take it. A check that could not
 * be made says nothing against the token.
 */
async function checkKept(deps: Deps): Promise<Checked | { readonly refused: Problem }> {
  const { RENDERCAD_API_TOKEN: _variable, ...environment } = deps.environment;
  const kept = { ...deps, environment };
  const { readers } = await connect(kept, stateWithout(undefined), {}, new Set(["rendercad"]));
  try {
    const answer = await readers.rendercad.get("/auth.php?action=check");
    const user = isObject(answer) && answer["authenticated"] === true ? answer["user"] : undefined;
    if (isObject(user)) return { email: textOf(user["email"]), plan: textOf(user["subscription_plan"]) };
    return { refused: refusal("did not say whose token it is") };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    if (error instanceof CallError && error.status === 401)
      return { refused: refusal("does not take the token") };
    const [unchecked] = error.problems;
    return { email: "", plan: "", ...(unchecked && { unchecked }) };
  }
}

function refusal(what: string): Problem {
  const remedy = "Nothing was kept. Check RENDERCAD_HOST and sign in again.";
  return problem("error", "sign-in-refused", `RENDERCAD authorized the sign-in and then ${what}.`, remedy);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
