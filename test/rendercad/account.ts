import { openScene, type Scene, type SceneOptions } from "../scene.ts";

/** RENDERCAD's blocks beside a cron job that takes the value of each token: without one a token is not made. */
export function fileOf(parts: {
  readonly tokens?: readonly string[];
  readonly webhooks?: readonly { readonly name: string; readonly url?: string; readonly events?: string }[];
  readonly self?: string;
  readonly more?: string;
}): string {
  const { tokens = [], webhooks = [], self, more = "" } = parts;
  const names = tokens.map((token) => token.split(" ")[0]!);
  return [
    "rendercad:",
    ...(self === undefined ? [] : [`  self: ${self}`]),
    "  tokens:",
    ...tokens.map((token) => `    - ${blockOf(token)}`),
    ...(tokens.length === 0 ? ["    []"] : []),
    "  webhooks:",
    ...webhooks.map(
      ({ name, url = `https://hooks.acme.test/${name}`, events = "render.completed" }) =>
        `    - {name: ${name}, url: "${url}", events: [${events}]}`,
    ),
    ...(webhooks.length === 0 ? ["    []"] : []),
    ...(names.length === 0 ? [] : ["services:", "  - type: cron", "    name: night"]),
    ...(names.length === 0 ? [] : ["    runtime: node", "    schedule: 0 3 * * *", "    plan: starter"]),
    ...(names.length === 0
      ? []
      : ["    buildCommand: npm ci", "    startCommand: npm start", "    envVars:"]),
    ...names.map(
      (name) =>
        `      - {key: T_${name.toUpperCase().replaceAll("-", "_")}, fromRendercadToken: {name: ${name}}}`,
    ),
    more,
    "",
  ].join("\n");
}

/** `api`, or `api read-only`. */
function blockOf(token: string): string {
  const [name, scope] = token.split(" ");
  return scope === undefined ? `name: ${name}` : `{name: ${name}, scope: ${scope}}`;
}

export async function openAccount(text: string, options: SceneOptions = {}): Promise<Scene> {
  const scene = await openScene(options);
  await scene.write(text);
  return scene;
}

/** Somebody makes tokens by hand; answers with their ids. */
export async function makeTokens(
  scene: Scene,
  names: readonly string[],
  scope = "full-access",
): Promise<readonly number[]> {
  const made = names.map(async (name) => {
    const path = "/auth.php?action=create_api_token";
    const answer = await scene.edit("POST", path, { token_name: name, scope }, "rendercad");
    return (answer as { readonly token_data: { readonly id: number } }).token_data.id;
  });
  return Promise.all(made);
}

/** Of the active tokens, as the simulator keeps them. */
export function tokenNames(scene: Scene): readonly string[] {
  return scene
    .rows("rendercad tokens")
    .filter((row) => row["isActive"] === true)
    .map((row) => row["tokenName"] as string);
}
