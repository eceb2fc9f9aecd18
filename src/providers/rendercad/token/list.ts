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
