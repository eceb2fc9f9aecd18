import type { Journey } from "./course.ts";

/** A file with every kind of both accounts, and everything that makes creating hard: a circle, group links, references, own calls. */
const everything = `
workspace: Acme
registryCredentials:
  - { name: hub, registry: DOCKER, username: acme, authToken: { fromEnvironment: HUB_TOKEN } }
envVarGroups:
  - name: shared
    envVars:
      - { key: LEVEL, value: info }
      - { key: SHARED_KEY, generateValue: true }
      - { key: READ_TOKEN, fromRendercadToken: { name: reading } }
databases:
  - { name: main, plan: basic-256mb, postgresMajorVersion: "18", users: [reader] }
services:
  - { type: keyvalue, name: cache, plan: starter, ipAllowList: [] }
  - type: web
    name: front
    runtime: image
    image: { url: acme/front, creds: { fromRegistryCreds: { name: hub } } }
    plan: starter
    domains: [acme.dev, shop.acme.dev]
    envVars:
      - { key: BACK, fromService: { type: pserv, name: back, property: hostport } }
      - { key: SECRET, generateValue: true }
      - { key: CAD_TOKEN, fromRendercadToken: { name: rendering } }
      - fromGroup: shared
  - type: pserv
    name: back
    runtime: node
    plan: starter
    buildCommand: npm ci
    startCommand: npm start
    envVars:
      - { key: FRONT, fromService: { type: web, name: front, envVarKey: RENDER_EXTERNAL_URL } }
      - { key: HOOK, fromWebhook: { name: ops, property: signingSecret } }
  - type: worker
    name: queue
    runtime: node
    plan: starter
    buildCommand: npm ci
    startCommand: npm start
    disk: { name: data, mountPath: /var/data, sizeGB: 1 }
    envVars:
      - { key: CAD_TOKEN, fromRendercadToken: { name: rendering } }
      - { key: CAD_SECRET, fromRendercadWebhook: { name: done, property: secret } }
      - { key: DATABASE_URL, fromDatabase: { name: main, property: connectionString } }
      - { key: CACHE_URL, fromService: { type: keyvalue, name: cache, property: connectionString } }
  - { type: cron, name: nightly, runtime: image, image: { url: nginx }, schedule: "0 3 * * *", plan: starter, region: oregon, envVars: [{ fromGroup: shared }] }
  - type: web
    name: site
    runtime: static
    staticPublishPath: ./dist
    buildCommand: npm run build
    headers: [{ path: /*, name: X-Frame-Options, value: DENY }]
    routes: [{ type: redirect, source: /old, destination: /new }]
projects:
  - name: shop
    environments:
      - name: production
        networking: { isolation: enabled }
        services:
          - { type: worker, name: mailer, runtime: image, image: { url: nginx }, plan: starter }
      - name: staging
webhooks:
  - { name: ops, url: "https://hooks.acme.dev/render", events: [deploy_ended] }
notifications: { email: false, send: all, previews: true }
logStream: { endpoint: logs.acme.dev:6514, token: { fromEnvironment: STREAM_TOKEN } }
metricsStream: { provider: CUSTOM, url: https://metrics.acme.dev, token: { fromEnvironment: STREAM_TOKEN } }
dedicatedIps:
  - { name: egress, region: frankfurt, environments: [shop/production] }
rendercad:
  tokens: [{ name: rendering, scope: render-only }, { name: reading, scope: read-only }]
  webhooks: [{ name: done, url: "https://hooks.acme.dev/done", events: [render.completed] }]
`;

const edits: readonly (readonly [string, string])[] = [
  ["value: info", "value: debug"],
  ["basic-256mb", "basic-1gb"],
  ["[reader]", "[reader, writer]"],
  ["name: cache, plan: starter", "name: cache, plan: standard"],
  ["domains: [acme.dev, shop.acme.dev]", "domains: [acme.dev]"],
  ["sizeGB: 1 ", "sizeGB: 2 "],
  ["      - { key: CACHE_URL", '      - { key: MODE, value: "fast" }\n      - { key: CACHE_URL'],
  // Another region makes another service.
  ["region: oregon", "region: frankfurt"],
  ["name: X-Frame-Options, value: DENY", "name: X-Robots-Tag, value: none"],
  ["routes: [{ type: redirect, source: /old, destination: /new }]\n", "domains: [site.acme.dev]\n"],
  ["name: mailer,", "name: sender,"],
  ["      - name: staging\n", "      - name: staging\n      - name: preview\n"],
  ["events: [deploy_ended]", "events: [deploy_ended, server_failed]"],
  ["email: false", "email: true"],
  // Another scope and other events make others, which are shown once.
  ["scope: render-only", "scope: full-access"],
  ["events: [render.completed]", "events: [render.failed]"],
  ["environments: [shop/production]", "environments: [shop/production, shop/staging]"],
];

/** The same after a day's work: changes that deploy, a replacement, a move, deletions, and what only an own call can do. */
const everythingEdited = edits
  .reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the file has no ${from}`);
    return text.replace(from, to);
  }, everything)
  .replace(/metricsStream: .*\n/, "");

export const variables = { HUB_TOKEN: "dckr_pat_first", STREAM_TOKEN: "s3cr3t-token" };

export const journeys: readonly Journey[] = [
  { name: "create", to: everything },
  { name: "change", from: everything, to: everythingEdited },
];
