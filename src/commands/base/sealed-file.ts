import { resolve } from "node:path";
import { problem, ProblemError } from "../../core/base/problem.ts";
import type { Settings } from "../../core/model/desired.ts";
import { Secret } from "../../core/base/secret.ts";
import { isSealed, openSealed, sealSecret } from "../../store/secrets/seal.ts";
import { readText, type Deps } from "./deps.ts";

type FileDeps = Pick<Deps, "environment" | "folder" | "readFile">;

/** The text of a file that holds values, encrypted with age or not; `undefined` when it is not there. `name` is for messages. */
export async function readValueFile(deps: FileDeps, path: string, name: string): Promise<string | undefined> {
  const bytes = await deps.readFile(path);
  if (bytes === undefined) return undefined;
  if (!isSealed(bytes)) return new TextDecoder().decode(bytes);
  return openSealed(bytes, await readIdentity(deps, name), name);
}

/** How the state keeps what is shown once: sealed to the file's recipients, and not at all without any. */
export function sealing(
  settings: Settings,
  deps: FileDeps,
): {
  readonly unseal: (sealed: string) => Promise<Secret>;
  readonly seal?: (secret: Secret) => Promise<string>;
} {
  const recipients = settings.state?.encryption?.recipients ?? [];
  const what = "The sealed copy in the state";
  return {
    unseal: async (sealed) => {
      const bytes = new TextEncoder().encode(sealed);
      return new Secret(await openSealed(bytes, await readIdentity(deps, what), what));
    },
    ...(recipients.length > 0 && { seal: (secret: Secret) => sealSecret(secret, recipients) }),
  };
}

/** TRUEUP_AGE_IDENTITY is a key itself, or the path of a file of keys. */
async function readIdentity(deps: FileDeps, name: string): Promise<string> {
  const given = deps.environment["TRUEUP_AGE_IDENTITY"]?.trim() ?? "";
  if (/^AGE-/iu.test(given)) return given;
  const text = given === "" ? undefined : await readText(deps, resolve(deps.folder, given));
  if (text !== undefined) return text;
  const message =
    given === ""
      ? `${name} is encrypted with age, and TRUEUP_AGE_IDENTITY is not set.`
      : `${name} is encrypted with age, and the file that TRUEUP_AGE_IDENTITY names is not there.`;
  const remedy =
    "Set it to a key that begins with AGE-SECRET-KEY-, or to the path of the file that age-keygen wrote.";
  throw new ProblemError([problem("error", "age-identity", message, remedy)]);
}
