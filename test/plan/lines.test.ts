import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openScene, type Scene } from "../scene.ts";

const file = `databases:
  - name: main
    plan: basic-1gb
    ipAllowList:
      - source: 10.0.0.1/32
        description: office
      - source: 10.0.0.2/32
        description: home
    parameterOverrides:
      work_mem: 8MB
  - name: other
    plan: basic-1gb
services:
  - type: web
    name: api
    runtime: node
    plan: standard
    buildCommand: b
    startCommand: s
    scaling:
      minInstances: 1
      maxInstances: 3
      targetCPUPercent: 60
    buildFilter:
      paths:
        - src/**
      ignoredPaths:
        - docs/**
    maintenanceMode:
      enabled: false
      uri: https://one.test
    envVars:
      - key: LEVEL
        value: info
      - key: TOKEN
        generateValue: true
      - key: DATABASE_URL
        fromDatabase:
          name: main
          property: connectionString
    secretFiles:
      - name: app.conf
        value: one
  - type: web
    name: site
    runtime: static
    buildCommand: b
    staticPublishPath: out
    headers:
      - path: /*
        name: X-One
        value: one
    routes:
      - type: rewrite
        source: /a
        destination: /b
      - type: redirect
        source: /c
        destination: /d
`;

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ limits: "off" });
  await scene.write(file);
  expect((await scene.apply()).problems).toEqual([]);
});
afterAll(() => scene.close());

/** The line that an edit of one line is on. */
function edit(from: string, to: string): { readonly text: string; readonly line: number } {
  expect(file.split(from)).toHaveLength(2);
  return { text: file.replace(from, to), line: file.slice(0, file.indexOf(from)).split("\n").length };
}

describe("a change of the file is told at the line that was changed, which is the line to ask who changed it", () => {
  test.each([
    ["a word", "plan: standard", "plan: pro"],
    ["a member", "maxInstances: 3", "maxInstances: 4"],
    ["another member", "targetCPUPercent: 60", "targetCPUPercent: 70"],
    ["a member of what is written as a whole", "uri: https://one.test", "uri: https://two.test"],
    ["an item's list", "description: home", "description: garden", -1],
    ["a value", "value: info", "value: debug"],
    ["the value of a file", "value: one\n  - type", "value: two\n  - type"],
    ["another source", "generateValue: true", "value: fixed"],
    ["a header", "value: one\n    routes", "value: two\n    routes"],
    ["a route", "destination: /d", "destination: /e", -2],
    ["a parameter", "work_mem: 8MB", "work_mem: 16MB"],
  ])("%s", async (_what, from, to, begins = 0) => {
    const { text, line } = edit(from, to);
    await scene.write(text);
    const changed = (await scene.plan()).changes.flatMap(({ fields }) => fields);
    // An item of a list stands where it begins.
    expect(changed.map(({ where, verdict }) => [where?.line, verdict])).toEqual([[line + begins, "file"]]);
  });
});
