import type { Reader } from "../../../core/kind/reader.ts";
import type { Found } from "../../../core/model/live.ts";
import { idOf, listObjects, textOf, type ApiObject } from "../answer.ts";

const path = "/auth.php?action=get_api_tokens";

/**
 * A revoked token may stay in the list, where `is_active` tells it from the others. It is there all the same: taken for
 * absent, one false word of the API would make a second token.
 */
export async function listTokens(reader: Reader): Promise<readonly Found[]> {
  const objects = await listObjects(reader, path, "tokens");
  return objects.map(foundOf);
}

/** `false` (documented), also as other languages and databases write it; a word that nobody knows says nothing. */
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
