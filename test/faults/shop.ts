import type { Journey } from "../crash/course.ts";

/** Small, and with one of everything that a lost answer can spoil: creations, a circle, a link, own calls, a reference. */
const shop = `
workspace: Acme
envVarGroups:
  - name: shared
    envVars: [{ key: LEVEL, value: info }]
databases:
  - { name: main, plan: basic-256mb, postgresMajorVersion: "18", users: [reader] }
services:
  - type: web
    name: front
    runtime: image
    image: { url: nginx }
    plan: starter
    domains: [shop.acme.dev]
    envVars:
      - { key: BACK, fromService: { type: worker, name: back, envVarKey: MODE } }
      - { key: SELF, fromService: { type: web, name: front, property: host } }
      - fromGroup: shared
  - type: worker
    name: back
    runtime: image
    image: { url: nginx }
    plan: starter
    disk: { name: data, mountPath: /var/data, sizeGB: 1 }
    envVars:
      - { key: MODE, value: slow }
      - { key: CAD_TOKEN, fromRendercadToken: { name: rendering } }
      - { key: CAD_SECRET, fromRendercadWebhook: { name: done, property: secret } }
      - { key: DATABASE_URL, fromDatabase: { name: main, property: connectionString } }
  - { type: worker, name: old, runtime: image, image: { url: nginx }, plan: starter }
rendercad:
  tokens: [{ name: rendering, scope: render-only }]
  webhooks: [{ name: done, url: "https://hooks.acme.dev/done", events: [render.completed] }]
`;

const shopEdited = [
  ["value: info", "value: debug"],
  ["[reader]", "[reader, writer]"],
  ["domains: [shop.acme.dev]", "domains: [acme.dev]"],
  ["sizeGB: 1 ", "sizeGB: 2 "],
  ["value: slow", "value: fast"],
  ["name: old,", "name: new,"],
  ["scope: render-only", "scope: full-access"],
  ["events: [render.completed]", "events: [render.failed]"],
].reduce((text, [from = "", to = ""]) => text.replace(from, to), shop);

export const journeys: readonly Journey[] = [
  { name: "create", to: shop },
  { name: "change", from: shop, to: shopEdited },
];
