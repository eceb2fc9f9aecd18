import type { JsonObject } from "../../../core/base/json.ts";

/** The file of the demo as it should be. Every key is one that render.yaml has. */
export const demoFile = `databases:
  - name: shop-db
    plan: basic-256mb
    region: frankfurt

services:
  - type: web
    name: shop
    runtime: node
    plan: standard
    region: frankfurt
    repo: https://github.com/acme/shop
    buildCommand: npm ci && npm run build
    startCommand: node server.js
    envVars:
      - key: DATABASE_URL
        fromDatabase: { name: shop-db, property: connectionString }
      - key: SESSION_SECRET
        generateValue: true
      - key: LOG_LEVEL
        value: info
  - type: worker
    name: mailer
    runtime: node
    plan: starter
    region: frankfurt
    repo: https://github.com/acme/shop
    buildCommand: npm ci
    startCommand: node mailer.js
    envVars:
      - key: DATABASE_URL
        fromDatabase: { name: shop-db, property: connectionString }
`;

export type Correction = { readonly wrong: string; readonly right: string };

export const corrections: readonly Correction[] = [
  { wrong: "    plan: standrd", right: "    plan: standard" },
  { wrong: "    buildComand: npm ci\n", right: "    buildCommand: npm ci\n" },
];

/** How the file is when the demo begins. */
export const mistakenFile = corrections.reduce(
  (text, { wrong, right }) => text.replace(right, wrong),
  demoFile,
);

/** What takes a RENDERCAD token: the lines that the file gains. */
export const tokenLines: readonly string[] = [
  "      - key: RENDERCAD_TOKEN",
  "        fromRendercadToken: { name: mailer }",
  "",
  "rendercad:",
  "  tokens:",
  "    - { name: mailer, scope: render-only }",
];
export const tokenFile = `${demoFile}${tokenLines.join("\n")}\n`;

/** A change in Render's dashboard, made through the simulator's control endpoint; `{shop}` stands for the service's id. */
export type Intrusion = {
  readonly told: string;
  readonly method: string;
  readonly path: string;
  readonly body: JsonObject;
};

export const intruder = "ada@example.com";
export const intrusions: readonly Intrusion[] = [
  {
    told: "sets LOG_LEVEL of shop to debug",
    method: "PUT",
    path: "/services/{shop}/env-vars/LOG_LEVEL",
    body: { value: "debug" },
  },
  {
    told: "starts shop with --inspect",
    method: "PATCH",
    path: "/services/{shop}",
    body: { serviceDetails: { envSpecificDetails: { startCommand: "node --inspect server.js" } } },
  },
];

/** One act: what is said, what happens first, which command runs and how it has to end. */
export type Act = {
  readonly say: string;
  readonly first?: "show the file" | "correct the file" | "intrude" | "take a token";
  readonly command: readonly string[];
  readonly exitCode: number;
};

export const acts: readonly Act[] = [
  { say: "A file with two mistakes", first: "show the file", command: ["plan"], exitCode: 1 },
  { say: "Both corrected: what would happen", first: "correct the file", command: ["plan"], exitCode: 2 },
  {
    say: "Make it so (a database takes 3 seconds here, on Render about 40)",
    command: ["apply", "--yes"],
    exitCode: 0,
  },
  { say: "Once more: nothing is left to do", command: ["plan"], exitCode: 0 },
  {
    say: "Somebody hunts a bug, and forgets to put things back",
    first: "intrude",
    command: ["plan"],
    exitCode: 2,
  },
  { say: "The file is what was agreed: put it back", command: ["apply", "--yes"], exitCode: 0 },
  { say: "Equal again", command: ["plan"], exitCode: 0 },
  {
    say: "RENDERCAD shows a token once: it goes straight into the variable that takes it",
    first: "take a token",
    command: ["apply", "--yes"],
    exitCode: 0,
  },
  {
    say: "And a new one, with no moment without a token that works",
    command: ["rotate", "rendercad/token/mailer", "--yes"],
    exitCode: 0,
  },
];
