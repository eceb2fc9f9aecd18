import type { Json } from "../../src/core/base/json.ts";
import { rowNamed } from "../observe.ts";
import type { Scene } from "../scene.ts";
import type { Account, Journey } from "./course.ts";

/** Everything that can be replaced, and everything that uses it: references, a domain, a group link, a disk, a circle. */
const before = `
envVarGroups:
  - { name: shared, envVars: [{ key: LEVEL, value: info }] }
databases:
  - { name: main, plan: basic-256mb, postgresMajorVersion: "17", region: oregon }
services:
  - { type: keyvalue, name: cache, plan: starter, region: oregon, ipAllowList: [] }
  - type: web
    name: front
    runtime: docker
    region: oregon
    domains: [shop.acme.dev]
    envVars:
      - { key: SESSION_KEY, generateValue: true }
      - { key: STRIPE_KEY, sync: false }
      - { key: BACK, fromService: { type: pserv, name: back, property: hostport } }
      - { key: DATABASE_URL, fromDatabase: { name: main, property: connectionString } }
      - fromGroup: shared
  - type: pserv
    name: back
    runtime: docker
    region: oregon
    disk: { name: data, mountPath: /var/data, sizeGB: 1 }
    envVars:
      - { key: FRONT, fromService: { type: web, name: front, envVarKey: RENDER_EXTERNAL_URL } }
      - { key: CACHE_URL, fromService: { type: keyvalue, name: cache, property: connectionString } }
  - type: worker
    name: queue
    runtime: docker
    region: oregon
    envVars:
      - { key: BACK, fromService: { type: pserv, name: back, property: hostport } }
`;

const after = before
  .replace('"17"', '"18"')
  .replace("plan: starter, region: oregon", "plan: starter, region: ohio")
  // The front moves, the back becomes a worker's sibling in another region; the queue stays and only refers to them.
  .replace(
    "name: front\n    runtime: docker\n    region: oregon",
    "name: front\n    runtime: docker\n    region: ohio",
  )
  .replace(
    "name: back\n    runtime: docker\n    region: oregon",
    "name: back\n    runtime: docker\n    region: ohio",
  );

/** What somebody typed in the dashboard, and no file has. */
const typed: readonly (readonly [service: string, path: string, body: Json])[] = [
  ["front", "env-vars/STRIPE_KEY", { value: "sk_live_typed" }],
  ["front", "env-vars/BY_HAND", { value: "typed" }],
  ["front", "secret-files/cert.pem", { content: "typed certificate" }],
  ["back", "env-vars/BY_HAND", { value: "typed as well" }],
];

async function typeValues(scene: Scene): Promise<void> {
  for (const [service, path, body] of typed)
    await scene.edit("PUT", `/services/${idOf(scene, service)}/${path}`, body);
}

function idOf(scene: Scene, name: string): string {
  return rowNamed(scene, "services", name)["id"] as string;
}

/** The values that a replacement must not lose: typed and generated ones, by service and key. */
function valuesOf(account: Account): readonly string[] {
  const kept = new Set(["SESSION_KEY", "STRIPE_KEY", "BY_HAND"]);
  const rows = account.rows("services") as readonly {
    readonly name: string;
    readonly envVars: readonly { readonly key: string; readonly value: string }[];
    readonly secretFiles: readonly { readonly name: string; readonly content: string }[];
  }[];
  const values = rows.flatMap(({ name, envVars, secretFiles }) => [
    ...envVars.filter(({ key }) => kept.has(key)).map(({ key, value }) => `${name} ${key} ${value}`),
    ...secretFiles.map((file) => `${name} ${file.name} ${file.content}`),
  ]);
  return values.sort();
}

export const journeys: readonly Journey[] = [
  { name: "replace", from: before, edit: typeValues, to: after, keeps: valuesOf },
  {
    name: "change the type of",
    from: before,
    edit: typeValues,
    to: before.replace("type: worker\n    name: queue", "type: pserv\n    name: queue"),
    keeps: valuesOf,
  },
];
