import type { Reader } from "../../../core/kind/reader.ts";
import type { Found } from "../../../core/model/live.ts";
import { idOf, listObjects, textOf, type ApiObject } from "../answer.ts";

const path = "/auth.php?action=get_api_tokens";

/**
 * All tokens. A revoked one may stay in the list with `is_active: false`; it is returned too, marked as ended. If it were left
 * out, one wrong answer of the API would make trueup create a second token.
 */
export async function listTokens(reader: Reader): Promise<readonly Found[]> {
  const objects = await listObjects(reader, path, "tokens");
  return objects.map(foundOf);
}

/** Whether `is_active` says no: `false` (documented), or `0`, `"0"` and `"false"` as other languages and databases write it. Any other value does not count. */
function isRevoked({ is_active: active }: ApiObject): boolean {
  return active === false || active === 0 || active === "0" || active === "false";
}

function foundOf(object: ApiObject): Found {
  const name = textOf(object, "token_name", path);
  return {
    id: idOf(object, path),
    name,
    spec: { scope: textOf(object, "scope", path) },
    outputs: {},
    raw: object,
    ...(isRevoked(object) && { isEnded: true as const }),
  };
}

/**
 * The token that trueup itself signs in with. No call says which one of the list it is (documented), so it may stay unknown;
 * `candidates` are then the tokens that it could be.
 */
export type OwnToken =
  | { readonly is: "known"; readonly token: Found }
  | { readonly is: "unknown"; readonly candidates: readonly Found[] };

/**
 * Finds trueup's own token by its `usage_count`, which our own calls raise: the token whose count has risen between two lists. When
 * several have risen, or none (the API may count later), it is the one that the file names as `rendercad.self`.
 */
export async function findOwnToken(lists: {
  readonly earlier: Reader;
  readonly now: Reader;
  readonly self: string | undefined;
}): Promise<OwnToken> {
  const before = new Map((await listTokens(lists.earlier)).map((one) => [one.id, usageOf(one)]));
  const tokens = (await listTokens(lists.now)).filter((one) => !one.isEnded);
  const moved = tokens.filter((one) => usageOf(one) > (before.get(one.id) ?? 0));
  const named = tokens.filter((one) => one.name === lists.self);
  for (const [token, ...others] of [moved, named])
    if (token && others.length === 0) return { is: "known", token };
  return { is: "unknown", candidates: moved.length > 0 ? moved : tokens };
}

function usageOf({ raw }: Found): number {
  return typeof raw["usage_count"] === "number" ? raw["usage_count"] : 0;
}
