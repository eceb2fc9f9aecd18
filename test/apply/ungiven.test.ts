import { afterEach, expect, test } from "vitest";
import { renderRun, renderUngiven } from "../../src/views/run/run.ts";
import { openScene, type Scene } from "../scene.ts";

let scene: Scene;
afterEach(() => scene.close());

const screen = { columns: 100, colour: false, unicode: true } as const;
const service = (name: string, ...variables: readonly string[]): string =>
  `  - { type: worker, name: ${name}, runtime: node, plan: starter, buildCommand: b, startCommand: s, envVars: [${variables.join(", ")}] }\n`;
const asked = (key: string): string => `{ key: ${key}, sync: false }`;

test("a run that ends without a value says so at its end, each time, until somebody gives it", async () => {
  scene = await openScene();
  await scene.write(
    `services:\n${service("api", asked("SENTRY_DSN"), asked("STRIPE"), "{ key: A, value: b }")}`,
  );
  const first = await scene.apply();
  expect(first.ungiven).toEqual([
    { address: "render/service/api", entries: ["envVars.SENTRY_DSN", "envVars.STRIPE"] },
  ]);
  const text = renderRun(first, screen);
  expect(text.split("\n").slice(-4)).toEqual([
    "Still without a value, because nobody gave one (sync: false)",
    "  render/service/api: envVars.SENTRY_DSN, envVars.STRIPE",
    "Give them with --values FILE, or run apply at a terminal, which asks for them.",
    "",
  ]);
  const idle = await scene.apply();
  expect(idle.ungiven).toEqual(first.ungiven);
  expect(renderUngiven(idle, screen)).toContain("envVars.STRIPE");
  await scene.write("STRIPE=sk_1\n", "values.env");
  expect((await scene.apply({ values: "values.env" })).ungiven).toEqual([
    { address: "render/service/api", entries: ["envVars.SENTRY_DSN"] },
  ]);
  await scene.write("SENTRY_DSN=https://one\n", "values.env");
  const last = await scene.apply({ values: "values.env" });
  expect(last.verdict).toBe("done");
  expect(last).not.toHaveProperty("ungiven");
  expect(renderUngiven(last, screen)).toBe("");
});

test("a key of --values that no block asks for is told, with what was probably meant", async () => {
  scene = await openScene();
  await scene.write(
    `services:\n${service("api", asked("SENTRY_DSN"), "{ key: LEVEL, value: info }")}${service("job")}`,
  );
  await scene.write(
    [
      "SENTRY_DNS=1",
      "LEVEL=debug",
      "OTHER=1",
      "render/service/api SENTRY_DSN=1",
      "render/service/job SENTRY_DSN=1",
      "render/service/api LEVEL=1",
    ].join("\n"),
    "values.env",
  );
  const { problems } = await scene.plan({ values: "values.env" });
  expect(problems.map(({ code, message, remedy }) => [code, message, remedy])).toEqual([
    [
      "values-unused",
      "--values has SENTRY_DNS, and no block has a `sync: false` entry of that name.",
      "Did you mean SENTRY_DSN?",
    ],
    [
      "values-unused",
      "--values has LEVEL, and LEVEL of render/service/api is not `sync: false`: the file says where it comes from.",
      "Write `sync: false` there, or take the line out.",
    ],
    [
      "values-unused",
      "--values has OTHER, and no block has a `sync: false` entry of that name.",
      "Correct the name, or take the line out.",
    ],
    [
      "values-unused",
      "--values has render/service/job SENTRY_DSN, and no block has a `sync: false` entry of that name.",
      "Did you mean render/service/api SENTRY_DSN?",
    ],
    [
      "values-unused",
      "--values has render/service/api LEVEL, and LEVEL of render/service/api is not `sync: false`: the file says where it comes from.",
      "Write `sync: false` there, or take the line out.",
    ],
  ]);
});
