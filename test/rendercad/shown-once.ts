import type { Json } from "../../src/core/base/json.ts";
import type { Scene } from "../scene.ts";

type Row = { readonly [column: string]: Json };

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

/** Rows of the tokens that work, without the one that trueup runs with. */
export function activeTokens(scene: Scene): readonly Row[] {
  const self = scene.simulator.env["RENDERCAD_API_TOKEN"];
  return scene.rows("rendercad tokens").filter((row) => row["isActive"] === true && row["token"] !== self);
}

export function activeNames(scene: Scene): readonly string[] {
  return activeTokens(scene)
    .map((row) => textOf(row["tokenName"]))
    .sort();
}

export function tokenValue(scene: Scene, name: string): string {
  const row = activeTokens(scene).find((one) => one["tokenName"] === name);
  if (!row) throw new Error(`no active token ${name}`);
  return textOf(row["token"]);
}

/** Secrets by url: of a url that is registered twice, the newer one's. */
export function webhookSecrets(scene: Scene): { readonly [url: string]: string } {
  return Object.fromEntries(
    scene.rows("rendercad webhooks").map((row) => [textOf(row["url"]), textOf(row["secret"])]),
  );
}

/** The variables of a service or of a group, by key. */
export function variablesOf(scene: Scene, name: string): { readonly [key: string]: string } {
  const rows = [...scene.rows("services"), ...scene.rows("environmentGroups")];
  const owner = scene.simulator.env["RENDER_OWNER_ID"];
  const own = rows.find((row) => row["name"] === name && row["ownerId"] === owner);
  if (!own) throw new Error(`no ${name}`);
  const entries = own["envVars"] as readonly { readonly key: string; readonly value: string }[];
  return Object.fromEntries(entries.map(({ key, value }) => [key, value]));
}

/** As a person with a script would, past trueup. */
export async function callRendercad(
  scene: Scene,
  path: string,
  body?: Json,
  token = scene.simulator.env["RENDERCAD_API_TOKEN"],
): Promise<{ readonly status: number; readonly body: Row }> {
  const answer = await fetch(`${scene.simulator.env["RENDERCAD_HOST"]}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Row };
}

/** A token that somebody else made; answers with its value. */
export async function makeToken(scene: Scene, name: string, scope = "full-access"): Promise<string> {
  const path = "/auth.php?action=create_api_token";
  const { body } = await callRendercad(scene, path, { token_name: name, scope });
  return textOf(body["token"]);
}

/** A worker in the list of services, with the lines of its variables. */
export function serviceText(name: string, variables: string, more = ""): string {
  return `  - type: worker
    name: ${name}
    runtime: node
    plan: starter
    buildCommand: npm ci
    startCommand: npm start
${more}    envVars:
${variables}`;
}

export function takingToken(token: string, key = "TOKEN"): string {
  return `      - { key: ${key}, fromRendercadToken: { name: ${token} } }\n`;
}
