import { draft, type Body, type Write, type WriteDraft } from "../../../core/model/write.ts";
import type { Address } from "../../../core/base/address.ts";
import type { Desired } from "../../../core/model/desired.ts";
import type { Kind } from "../../../core/kind/kind.ts";
import type { Found } from "../../../core/model/live.ts";
import { Secret } from "../../../core/base/secret.ts";
import { asObject, idOf, textOf } from "../answer.ts";
import { budgets } from "../budgets.ts";
import { tokenFields, tokenShapes, tokenRules } from "./fields.ts";
import { listTokens } from "./list.ts";
import { proveToken } from "./prove.ts";

const createPath = "/auth.php?action=create_api_token";
const defaultScope = "full-access";
const day = 86_400_000;

/** An API token of RENDERCAD. The API has one list of all tokens and no call for a single one. No documentation says that names are unique. */
export const token: Kind = {
  name: "rendercad/token",
  noun: "RENDERCAD token",
  signsIn: true,
  provider: "rendercad",
  managed: true,
  most: 10,
  shapes: tokenShapes,
  fields: tokenFields,
  rules: tokenRules,
  dataBearing: false,
  unique: "none",
  deferrable: [],
  shownOnce: ["token"],
  needsDestination: true,

  list: (reader) => listTokens(reader),
  findByName: async (reader, _scope, names) =>
    (await listTokens(reader)).filter((found) => !found.isEnded && names.includes(found.name)),
  findById: async (reader, id) => (await listTokens(reader)).find((found) => found.id === id),
  onlyListed: true,
  facets: {},
  output: async () => undefined,

  rotation: {
    named: true,
    create: (desired) => createDraft(desired, { hole: "successor-name", of: desired.address }),
    due: describeAge,
    prove: proveToken,
  },

  refuseCreate: () => [],
  create: (desired) => [createDraft(desired, desired.name)],
  update: () => [],
  rename: ({ address, name }) =>
    draft("name", post("rename_api_token", { token_id: numberOf(address), new_name: name }), []),
  remove: (address) => [draft("resource", post("revoke_api_token", { token_id: numberOf(address) }), [])],

  created(answer) {
    const made = asObject(answer, createPath);
    const data = asObject(made["token_data"], createPath);
    return {
      id: idOf(data, createPath),
      shownOnce: { token: new Secret(textOf(made, "token", createPath)) },
    };
  },

  summary: ({ scope, rotateEvery }) =>
    [
      typeof scope === "string" ? scope : defaultScope,
      ...(typeof rotateEvery === "string" ? [`rotated every ${rotateEvery.replace("d", " days")}`] : []),
    ].join(" · "),
};

function createDraft({ spec: { scope } }: Desired, name: Body): WriteDraft {
  const body = { token_name: name, scope: typeof scope === "string" ? scope : defaultScope };
  return draft("resource", post("create_api_token", body), scope === undefined ? [] : ["scope"]);
}

function post(action: string, body: Body): Write {
  return { method: "POST", path: `/auth.php?action=${action}`, body, budgets: budgets.tokens };
}

function numberOf(address: Address): Body {
  return { hole: "id", of: address, as: "number" };
}

/** The age of a token that is due for rotation, in whole days since it was made: `95 days old`. `undefined` when `rotateEvery` is not over. */
function describeAge({ spec }: Desired, { raw }: Found, today: string): string | undefined {
  const every = typeof spec["rotateEvery"] === "string" ? Number.parseInt(spec["rotateEvery"], 10) : Infinity;
  const madeAt = typeof raw["created_at"] === "string" ? Date.parse(raw["created_at"].slice(0, 10)) : NaN;
  const age = Math.floor((Date.parse(today) - madeAt) / day);
  return age >= every ? `${age} days old` : undefined;
}
