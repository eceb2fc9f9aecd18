import { array, asyncProperty, constantFrom, assert as check, nat, record } from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Json } from "../../src/core/base/json.ts";
import type { Plan } from "../../src/core/model/plan.ts";
import { ProblemError } from "../../src/core/base/problem.ts";
import { account } from "../drift/account.ts";
import { makeLiar, type Lie, type Shown } from "../odd-answers.ts";
import { openScene, type Scene } from "../scene.ts";
import { propertyRuns, propertyTimeout } from "./runs.ts";

/** Every kind of both accounts, with everything declared that cannot change in place. */
const text = `${account
  .replace("name: main\n", "name: main\n            user: app\n            region: oregon\n")
  .replace("runtime: node\n", "runtime: node\n            region: oregon\n")
  .replace("name: cache\n", "name: cache\n            region: oregon\n")}
rendercad:
  tokens: [{ name: rendering, scope: render-only }]
  webhooks: [{ name: done, url: "https://hooks.acme.dev/done", events: [render.completed] }]
`.replace(
  "- { key: LEVEL, value: info }",
  `- { key: LEVEL, value: info }
              - { key: CAD_TOKEN, fromRendercadToken: { name: rendering } }
              - { key: CAD_SECRET, fromRendercadWebhook: { name: done, property: secret } }`,
);

const odd: readonly (Json | undefined)[] = [
  undefined,
  null,
  "",
  "no such word",
  "ohio",
  "static_site",
  "17",
  0,
  17,
  1e21,
  true,
  false,
  {},
  [],
  [null],
  [{}],
  "__proto__",
];

const liar = makeLiar();
let scene: Scene;
let members: readonly string[];
let planned = 0;
beforeAll(async () => {
  scene = await openScene({ limits: "off", send: liar.send, environment: { TOKEN: "s3cr3t-token" } });
  await scene.write(text);
  const report = await scene.apply();
  expect(report.problems).toEqual([]);
  const seen = new Set<string>();
  liar.lie = (object) => {
    for (const member of Object.keys(object)) seen.add(member);
  };
  expect((await scene.plan()).steps).toEqual([]);
  members = [...seen].sort();
});
afterAll(() => scene.close());

/** Variables that hold what is shown once: without them a value is lost, and a new one made beside the old one. */
const holdsOnce = (object: Shown): boolean => {
  const variable = (object["envVar"] ?? object) as { readonly key?: Json };
  return variable.key === "CAD_TOKEN" || variable.key === "CAD_SECRET";
};

/** Every object that has the member shows this instead; the `nth` of them alone, when the number is small. */
function show(
  lies: readonly { readonly member: number; readonly value: number; readonly nth: number }[],
): Lie {
  const counts = lies.map(() => 0);
  return (object) =>
    lies.forEach(({ member, value, nth }, index) => {
      const name = members[member % members.length]!;
      if (!Object.hasOwn(object, name) || holdsOnce(object)) return;
      counts[index] = counts[index]! + 1;
      if (nth < 4 && counts[index] !== nth + 1) return;
      object[name] = structuredClone(odd[value % odd.length]);
    });
}

test(
  "whatever an API shows, no plan replaces or deletes anything",
  async () => {
    const lie = record({ member: nat(), value: nat(), nth: constantFrom(0, 1, 2, 3, 9) });
    await check(
      asyncProperty(array(lie, { minLength: 1, maxLength: 6 }), async (lies) => {
        liar.lie = show(lies);
        const plan = await scene.plan().catch((error: unknown) => {
          // A read that cannot be understood concludes nothing.
          if (error instanceof ProblemError) return undefined;
          throw error;
        });
        if (plan) planned += 1;
        expect(goneIn(plan)).toEqual([]);
      }),
      propertyRuns(120),
    );
    expect(planned, "most lies are about something that a plan can be made without").toBeGreaterThan(40);
  },
  propertyTimeout,
);

function goneIn(plan: Plan | undefined): readonly string[] {
  const changes = plan?.changes.filter(({ action }) => action === "replace" || action === "delete") ?? [];
  const steps = plan?.steps.filter((step) => step.step === "write" && step.verb === "delete") ?? [];
  return [...changes.map(({ action, address }) => `${action} ${address}`), ...steps.map(({ id }) => id)];
}
