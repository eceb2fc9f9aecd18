import { expect, test } from "vitest";
import { checkBlueprint } from "../../src/shells/cli/simulator/check-blueprint.ts";
import { describeCoverage, listCoverage } from "../../src/shells/cli/simulator/coverage.ts";

test("sim --coverage has a line for every operation of both APIs, and counts them by what they are known from", () => {
  const text = describeCoverage();
  expect(text).toMatch(/^recorded +POST +\/v1\/services$/m);
  expect(text).toMatch(/^described +GET +\/v1\/metrics\/cpu$/m);
  expect(text).toMatch(/^documented +POST +\/backend\/auth\.php\?action=create_api_token$/m);
  expect(text).toMatch(/^absent +POST +\/v1\/postgres\/\{postgresId\}\/promote$/m);
  expect(text).toMatch(/\n\n\d+ recorded, \d+ described, \d+ documented, \d+ absent$/);
  expect(text.split("\n")).toHaveLength(listCoverage().length + 2);
});

test("the simulator's answer about a Blueprint is that of trueup's own file stage", () => {
  expect(
    checkBlueprint("services:\n  - type: web\n    name: api\n    runtime: node\n    plann: pro\n"),
  ).toMatchObject({
    problems: [{ path: expect.any(String), error: expect.stringContaining("plann"), line: 5, column: 5 }],
  });
  const file = `databases:
  - { name: main, plan: basic-256mb }
envVarGroups:
  - name: shared
    envVars: [{ key: A, value: "1" }]
services:
  - { type: keyvalue, name: cache, plan: starter, ipAllowList: [] }
  - type: worker
    name: mailer
    runtime: image
    image: { url: docker.io/acme/mailer:1 }
`;
  expect(checkBlueprint(file)).toEqual({
    problems: [],
    declared: { services: ["mailer"], databases: ["main"], keyValue: ["cache"], envGroups: ["shared"] },
  });
});
