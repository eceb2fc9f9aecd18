import { resolve } from "node:path";
import type { Millis } from "../core/model/budget.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import { Secret } from "../core/base/secret.ts";
import {
  findHookSides,
  usualTolerance,
  verifySignature,
  type Delivery,
  type HookSide,
  type SignatureCheck,
} from "../core/protocol/webhook-signature.ts";
import type { HookReport } from "../views/account/hook-signature.ts";
import type { Deps } from "./base/deps.ts";
import { parseHeaders, parseRawRequest } from "./base/raw-request.ts";
import { readValueFile } from "./base/sealed-file.ts";

/** A delivery of a webhook, and where the secret is. `tolerance`: how old its time may be, in milliseconds. */
export type HooksVerifyInput = {
  /** The body alone, or the whole request when no header is given. */
  readonly stdin: Uint8Array;
  /** As `Name: value`. */
  readonly headers: readonly string[];
  /** Names of places: the secret itself would stand in the list of processes. Exactly one. */
  readonly secretEnv?: string;
  readonly secretFile?: string;
  readonly tolerance?: Millis;
};

/** No connection, no state. */
export type HooksVerifyDeps = Pick<Deps, "environment" | "folder" | "readFile"> & {
  readonly world: Pick<Deps["world"], "now">;
};

/** `hooks verify`: whether a delivery was signed with this secret. No network. Throws a `ProblemError` when it cannot be asked. */
export async function verifyHook(input: HooksVerifyInput, deps: HooksVerifyDeps): Promise<HookReport> {
  const secret = await readHookSecret(input, deps);
  const delivery: Delivery =
    input.headers.length === 0
      ? parseRawRequest(input.stdin)
      : { headers: parseHeaders(input.headers), body: input.stdin };
  const side = chooseSide(delivery);
  const now = deps.world.now();
  const check: SignatureCheck = { secret, now, tolerance: input.tolerance ?? usualTolerance };
  const verdict = verifySignature(side, delivery, check);
  return {
    side,
    bytes: delivery.body.length,
    now,
    tolerance: check.tolerance,
    ...verdict,
    ...(verdict.verdict === "mismatch" &&
      fitsWithoutNewline(side, delivery, check) && { finalNewline: true as const }),
  };
}

/** The commonest reason why a right secret does not fit: an editor or `echo` ended the body's line. */
function fitsWithoutNewline(side: HookSide, { headers, body }: Delivery, check: SignatureCheck): boolean {
  if (body.at(-1) !== 0x0a) return false;
  const cut = body.subarray(0, body.at(-2) === 0x0d ? -2 : -1);
  return verifySignature(side, { headers, body: cut }, check).verdict !== "mismatch";
}

function chooseSide(delivery: Delivery): HookSide {
  const [side, other] = findHookSides(delivery);
  if (side !== undefined && other === undefined) return side;
  const message =
    side === undefined
      ? "There is no signature among the headers."
      : "The headers hold signatures of both sides, and one sender makes one.";
  const remedy =
    "RENDERCAD sends X-Webhook-Signature; Render sends webhook-id, webhook-timestamp and webhook-signature. Pass those of one delivery.";
  throw new ProblemError([problem("error", "signature-missing", message, remedy)]);
}

async function readHookSecret(
  { secretEnv, secretFile }: HooksVerifyInput,
  deps: HooksVerifyDeps,
): Promise<Secret> {
  if ((secretEnv === undefined) === (secretFile === undefined)) {
    throw refuseSecret(
      "The webhook's signing secret has to come from one place.",
      "Name it: --secret-env NAME for a variable, or --secret-file PATH.",
    );
  }
  const text =
    secretEnv === undefined
      ? (await readValueFile(deps, resolve(deps.folder, secretFile ?? ""), secretFile ?? ""))?.replace(
          /\r?\n$/u,
          "",
        )
      : deps.environment[secretEnv];
  if (text !== undefined && text !== "") return new Secret(text);
  // The name is not repeated: people give the secret itself by mistake.
  throw secretEnv === undefined
    ? refuseSecret(`The file ${secretFile} is not there, or empty.`, "Check --secret-file.")
    : refuseSecret(
        "The variable that --secret-env names is not set, or empty.",
        "Check --secret-env: it takes a name, not the secret.",
      );
}

function refuseSecret(message: string, remedy: string): ProblemError {
  return new ProblemError([problem("error", "secret-missing", message, remedy)]);
}
