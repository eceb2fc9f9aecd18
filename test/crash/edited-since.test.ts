import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { begin, edits, forget, goOn, type Edit, type Start, type Subject } from "./edited-since.ts";

const renamed = (former?: string): string =>
  former === undefined ? "" : `, lifecycle: { renamedFrom: ${former} }`;
const worker = "type: worker, name: user, runtime: image, image: { url: nginx }, plan: starter";
const taking = (source: string): string => `  - { ${worker}, envVars: [{ key: USES, ${source} }] }\n`;
const plain = `  - { ${worker} }\n`;

const subjects: readonly Subject[] = [
  {
    kind: "RENDERCAD token",
    table: "rendercad tokens",
    asks: ["read-only", "render-only", "full-access"],
    block: (name, scope, former) =>
      `rendercad:\n  tokens:\n    - { name: ${name}, scope: ${scope}${renamed(former)} }\n`,
    user: (name) =>
      `services:\n${name === undefined ? plain : taking(`fromRendercadToken: { name: ${name} }`)}`,
    named: "tokenName",
    column: "scope",
    used: "token",
  },
  {
    kind: "RENDERCAD webhook",
    table: "rendercad webhooks",
    asks: ["render.completed", "render.failed", "video.completed"],
    block: (name, event) =>
      `rendercad:\n  webhooks:\n    - { name: ${name}, url: "https://hooks.acme.test/done", events: [${event}] }\n`,
    user: (name) =>
      `services:\n${name === undefined ? plain : taking(`fromRendercadWebhook: { name: ${name}, property: secret }`)}`,
    column: "events",
    used: "secret",
  },
];

describe.each(subjects)("a $kind whose replacement was killed, and whose block", (subject) => {
  let start: Start;
  beforeAll(async () => void (start = await begin(subject)));
  afterAll(() => forget(start));

  test.each(Object.keys(edits) as readonly Edit[])("%s, is there once and as the file says", async (edit) => {
    const wrong: string[] = [];
    for (let number = 1; number <= start.writes; number += 1)
      for (const at of ["before-write", "after-write"] as const)
        for (const one of await goOn(subject, start, { at, number }, edit))
          wrong.push(`${at} ${number}: ${one}`);
    expect(wrong).toEqual([]);
  });
});
