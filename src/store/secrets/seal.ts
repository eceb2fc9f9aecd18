import { armor, Decrypter, Encrypter } from "age-encryption";
import { problem, ProblemError } from "../../core/base/problem.ts";
import { revealSecret, type Secret } from "../../core/base/secret.ts";

/**
 * Secrets that are kept, or given in files, are encrypted with age (age-encryption.org/v1): to recipients whose identities
 * are elsewhere, so that a state in a repository gives nothing away.
 */

const binaryHead = "age-encryption.org/v1";
const armorHead = "-----BEGIN AGE ENCRYPTED FILE-----";

/** The secret as armored text that only the identities of the recipients can open. Throws `age-recipient` for a text that is no recipient. */
export async function sealSecret(secret: Secret, recipients: readonly string[]): Promise<string> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) addRecipient(encrypter, recipient);
  return armor.encode(await encrypter.encrypt(revealSecret(secret)));
}

/** Whether the bytes are a file of age, armored or binary. */
export function isSealed(bytes: Uint8Array): boolean {
  const start = new TextDecoder().decode(bytes.subarray(0, 64)).trimStart();
  return start.startsWith(binaryHead) || start.startsWith(armorHead);
}

/**
 * Decrypts a file of age. The answer is plain text: the caller has to wrap secrets in it at once. `identity` is one key, or the
 * text of a file of keys; `what` names the file in messages. Throws `age-unreadable` or `age-identity`.
 */
export async function openSealed(bytes: Uint8Array, identity: string, what: string): Promise<string> {
  const decrypter = new Decrypter();
  for (const key of readIdentities(identity)) addIdentity(decrypter, key);
  try {
    const text = new TextDecoder().decode(bytes).trim();
    return await decrypter.decrypt(text.startsWith(armorHead) ? armor.decode(text) : bytes, "text");
  } catch (error) {
    const message = `${what} cannot be opened with TRUEUP_AGE_IDENTITY.`;
    const remedy = "Use an identity of one of its recipients; if it is the right one, the file is damaged.";
    throw new ProblemError([problem("error", "age-unreadable", message, remedy)], { cause: error });
  }
}

/** One key per line; `#` starts a comment, as age-keygen writes them. */
function readIdentities(identity: string): readonly string[] {
  return identity
    .split(/\r?\n/u)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}

function addIdentity(decrypter: Decrypter, key: string): void {
  try {
    decrypter.addIdentity(key);
  } catch {
    // The cause is left out, since its message may repeat the key.
    throw new ProblemError([
      problem(
        "error",
        "age-identity",
        "TRUEUP_AGE_IDENTITY is neither an age identity nor a file of identities.",
        "Set it to a key that begins with AGE-SECRET-KEY-, or to the path of the file that age-keygen wrote.",
      ),
    ]);
  }
}

function addRecipient(encrypter: Encrypter, recipient: string): void {
  try {
    encrypter.addRecipient(recipient);
  } catch (error) {
    throw new ProblemError(
      [
        problem(
          "error",
          "age-recipient",
          `${recipient} is no age recipient.`,
          "Correct state.encryption.recipients: they begin with age1.",
        ),
      ],
      { cause: error },
    );
  }
}
