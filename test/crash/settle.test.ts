import fc from "fast-check";
import { expect, test } from "vitest";
import { runApply } from "../../src/commands/apply.ts";
import type { RunReport } from "../../src/core/run/report.ts";
import type { Transport } from "../../src/world/transport.ts";
import { propertyRuns, propertyTimeout } from "../properties/runs.ts";
import { describeDifference } from "./points.ts";
import { formNow, input, lateCancels, leftIn, setOut, walk, type Course } from "./course.ts";

/** One service that is created, its first deploy cancelled, completed with its own host, and deployed. */
const file = `
workspace: Acme
services:
  - type: web
    name: front
    runtime: image
    image: { url: nginx }
    plan: starter
    envVars: [{ key: SELF, fromService: { type: web, name: front, property: host } }]
`;

/** What the API made of a call, and what we heard of it. */
const fates = [
  "answered",
  "done, not answered",
  "lost on the way",
  "done, answered 500",
  "500, not done",
] as const;
type Fate = (typeof fates)[number];

const calls = {
  create: /^POST \/services$/u,
  cancel: /^POST \/services\/[^/]+\/deploys\/[^/]+\/cancel$/u,
  deploy: /^POST \/services\/[^/]+\/deploys$/u,
};
type Call = keyof typeof calls;

/** The fates of each call in the order of its attempts, over as many runs as it takes; then all is answered. */
type Fortune = { readonly [name in Call]: readonly Fate[] };

const list = fc.array(fc.constantFrom(...fates), { maxLength: 6 });
const fortunes: fc.Arbitrary<Fortune> = fc.record({ create: list, cancel: list, deploy: list });

function meddle(fortune: Fortune): (send: Transport) => Transport {
  const left = { create: [...fortune.create], cancel: [...fortune.cancel], deploy: [...fortune.deploy] };
  return (send) => async (request) => {
    const text = `${request.method} ${new URL(request.url).pathname.replace(/^\/v1/u, "")}`;
    const call = (Object.keys(calls) as Call[]).find((name) => calls[name].test(text));
    const fate = (call && left[call].shift()) ?? "answered";
    const failed = { status: 500, headers: {}, text: `{"message":"internal server error"}` };
    if (fate === "lost on the way") throw new Error("no route to host");
    if (fate === "500, not done") return failed;
    const answer = await send(request);
    if (fate === "done, not answered") throw new Error("connection reset");
    return fate === "done, answered 500" ? failed : answer;
  };
}

/** Runs until one is done, and says what is wrong with the world then. */
async function settle(course: Course, fortune: Fortune): Promise<readonly string[]> {
  const scene = await setOut(course, { send: meddle(fortune) });
  try {
    const reports: RunReport[] = [];
    do reports.push(await runApply(input, scene.deps));
    while (reports.at(-1)!.verdict !== "done" && reports.length < 20);
    const left = await leftIn(scene);
    const form = await formNow(scene, lateCancels(...reports));
    return [
      ...(reports.at(-1)!.verdict === "done" ? [] : ["it never came to an end"]),
      ...left.map((step) => `left to do: ${step}`),
      ...(form === course.form ? [] : [describeDifference(course.form, form)]),
    ];
  } finally {
    await scene.close();
  }
}

test(
  "whatever became of a creation, a cancel or a deploy whose answer was lost, it ends in the same world",
  { timeout: propertyTimeout },
  async () => {
    const course = await walk({ name: "settle", to: file });
    await fc.assert(
      fc.asyncProperty(fortunes, async (fortune) => {
        expect(await settle(course, fortune)).toEqual([]);
      }),
      propertyRuns(12),
    );
    await course.close();
  },
);
