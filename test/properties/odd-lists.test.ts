import fc from "fast-check";
import { expect, test } from "vitest";
import { ProblemError } from "../../src/core/base/problem.ts";
import type { Json } from "../../src/core/base/json.ts";
import { emptyPage, firstPage, makeOddLists, shortPage, without, type ListCall } from "../apply/odd-lists.ts";
import { idNamed, rowNamed } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";
import { propertyRuns, propertyTimeout } from "./runs.ts";

/**
 * An API whose pages have any size, and which once in a run answers a list with nothing, with something missing, or with its
 * first page again. (One that hides the same entry in every answer of a list cannot be told from one that has it not.)
 */
const arbitraryLies = fc.record({
  sizes: fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 6 }),
  at: fc.integer({ min: 1, max: 12 }),
  lie: fc.constantFrom("none", "empty", "missing", "repeated"),
  hidden: fc.integer({ min: 1, max: 20 }),
});

const arbitraryEdit = fc.record({
  byHand: fc.integer({ min: 0, max: 20 }),
  before: fc.integer({ min: 0, max: 14 }),
  after: fc.integer({ min: 0, max: 14 }),
});

function odd({
  sizes,
  at,
  lie,
  hidden,
}: {
  sizes: readonly number[];
  at: number;
  lie: string;
  hidden: number;
}) {
  let calls = 0;
  return (call: ListCall) => {
    if (call.list.startsWith("env-groups")) return undefined;
    calls += 1;
    if (calls === at && lie === "empty") return emptyPage(call);
    if (calls === at && lie === "missing") return without(call, `hand-${hidden}"`);
    const size = sizes[calls % sizes.length]!;
    return calls === at && lie === "repeated" ? firstPage(call, size) : shortPage(call, size);
  };
}

const count = (many: number): readonly number[] => Array.from({ length: many }, (_, index) => index + 1);

function fileOf(many: number, value: string): string {
  const list = (one: (number: number) => string): string => `[${count(many).map(one).join(", ")}]`;
  return `services:
  - {type: web, name: api, runtime: node, plan: starter, buildCommand: b, startCommand: s,
     envVars: ${list((number) => `{key: ours-${number}, value: ${value}}`)},
     secretFiles: ${list((number) => `{name: ours-${number}, value: ${value}}`)}}
  - {type: web, name: site, runtime: static, buildCommand: b, staticPublishPath: dist,
     headers: ${list((number) => `{path: /*, name: ours-${number}, value: ${value}}`)},
     routes: ${list((number) => `{type: redirect, source: /ours-${number}, destination: /${value}}`)}}
`;
}

async function addByHand(scene: Scene, many: number): Promise<void> {
  const [api, site] = [idNamed(scene, "services", "api"), idNamed(scene, "services", "site")];
  for (const number of count(many)) {
    const name = `hand-${number}`;
    await scene.edit("PUT", `/services/${api}/env-vars/${name}`, { value: name });
    await scene.edit("PUT", `/services/${api}/secret-files/${name}`, { content: name });
    await scene.edit("POST", `/services/${site}/headers`, { path: "/*", name, value: name });
    await scene.edit("POST", `/services/${site}/routes`, {
      type: "redirect",
      source: `/${name}`,
      destination: `/${name}`,
    });
  }
}

/** Every entry of the two services by list, without ids; theirs or ours. */
function entriesOf(scene: Scene, whose: "hand" | "ours"): readonly string[] {
  const places = [
    ["api", "envVars"],
    ["api", "secretFiles"],
    ["site", "headers"],
    ["site", "routes"],
  ] as const;
  return places
    .flatMap(([name, list]) =>
      (rowNamed(scene, "services", name)[list] as readonly { readonly [column: string]: Json }[]).map(
        ({ id: _id, ...row }) => `${list} ${JSON.stringify(row)}`,
      ),
    )
    .filter((row) => row.includes(`${whose}-`))
    .sort();
}

test(
  "no entry that the file does not declare ever goes, whatever pages the API answers",
  async () => {
    const property = fc.asyncProperty(
      arbitraryEdit,
      arbitraryLies,
      async ({ byHand, before, after }, lies) => {
        const lists = makeOddLists();
        const scene = await openScene({ limits: "off", send: lists.wrap });
        try {
          await scene.write(fileOf(before, "one"));
          expect((await scene.apply()).verdict).toBe("done");
          await addByHand(scene, byHand);
          const theirs = entriesOf(scene, "hand");
          expect(theirs).toHaveLength(4 * byHand);
          await scene.write(fileOf(after, "two"));
          lists.setOdd(odd(lies));
          const free = { allowDeletes: 9 };
          const ended = await scene.apply(free).catch((error: unknown) => {
            if (error instanceof ProblemError) return error.problems;
            throw error;
          });
          expect(entriesOf(scene, "hand"), JSON.stringify(ended)).toEqual(theirs);
          lists.setOdd(() => undefined);
          const second = await scene.apply(free);
          expect(second.verdict, JSON.stringify(second.problems)).toBe("done");
          expect(entriesOf(scene, "hand")).toEqual(theirs);
          expect(entriesOf(scene, "ours")).toHaveLength(4 * after);
          expect((await scene.plan()).steps).toEqual([]);
        } finally {
          await scene.close();
        }
      },
    );
    await fc.assert(property, propertyRuns(12));
  },
  propertyTimeout,
);
