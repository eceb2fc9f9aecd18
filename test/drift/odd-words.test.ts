import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Json } from "../../src/core/base/json.ts";
import { hasDrift } from "../../src/core/planning/drift.ts";
import { isPending } from "../../src/core/model/plan.ts";
import { kinds } from "../../src/providers/kinds.ts";
import { rowNamed, writesOf } from "../observe.ts";
import { makeLiar, type Shown } from "../odd-answers.ts";
import { openScene, type Scene } from "../scene.ts";
import { account } from "./account.ts";

/** Every word that some field of some kind has on its list, as an API may have it: `pro_plus` and `pro plus`. */
const known = new Set(
  [...kinds.values()].flatMap(({ fields }) =>
    Object.values(fields).flatMap(({ schema }) => listWords(schema)),
  ),
);
function listWords(schema: Json | undefined): readonly string[] {
  if (typeof schema !== "object" || schema === null) return [];
  if (Array.isArray(schema)) return schema.flatMap((inner: Json) => listWords(inner));
  const { enum: words, ...inner } = schema as { readonly [member: string]: Json };
  const own = (words as readonly Json[] | undefined) ?? [];
  return [
    ...own.flatMap((word) => (typeof word === "string" ? [word, word.replaceAll(/[ -]/gu, "_")] : [])),
    ...Object.values(inner).flatMap((value) => listWords(value)),
  ];
}

/** Words of the APIs for which a file has others. */
const theirs = ["web_service", "private_service", "background_worker", "cron_job", "static_site"].concat(
  "protected",
  "unprotected",
  "suspended",
  "not_suspended",
);
/** Names and values of people, which may read like a word. */
const people = new Set(["id", "name", "key", "value", "branch", "username"]);

/** Each word of each answer in another spelling. */
function respell(spell: (word: string) => string, seen: Set<string>): (object: Shown) => void {
  const isWord = (value: Json | undefined): value is string =>
    typeof value === "string" && (known.has(value) || theirs.includes(value));
  return (object) => {
    for (const [member, value] of Object.entries(object)) {
      if (people.has(member)) continue;
      if (isWord(value)) {
        seen.add(value);
        object[member] = spell(value);
      } else if (Array.isArray(value) && value.length > 0 && value.every(isWord)) {
        object[member] = value.map((word) => spell(word));
      }
    }
  };
}

const spellings: readonly (readonly [string, (word: string) => string])[] = [
  ["in capitals", (word) => word.toUpperCase()],
  ["with a capital", (word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`],
  ["with spaces", (word) => word.replaceAll(/[_-]/gu, " ")],
  ["with hyphens", (word) => word.replaceAll(/[_ ]/gu, "-")],
];

describe("an account whose answers spell words otherwise", () => {
  const liar = makeLiar();
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene({ limits: "off", send: liar.send, environment: { TOKEN: "s3cr3t-token" } });
    await scene.write(account.replaceAll("suspended: false", "suspended: true"));
    expect((await scene.apply()).problems).toEqual([]);
  });
  beforeEach(() => (liar.lie = undefined));
  afterAll(() => scene.close());

  test.each(spellings)("%s is as it was: nothing to do, and no drift", async (_how, spell) => {
    const seen = new Set<string>();
    liar.lie = respell(spell, seen);
    const plan = await scene.plan();
    expect(plan.steps).toEqual([]);
    expect(plan.refusals).toEqual([]);
    expect(hasDrift(await scene.drift())).toBe(false);
    expect([...seen], "words of services, databases, Key Values, environments and settings").toEqual(
      expect.arrayContaining([
        "standard",
        "oregon",
        "web_service",
        "pgbouncer",
        "noeviction",
        "protected",
        "suspended",
      ]),
    );
  });
});

describe("a word that nobody here knows", () => {
  const liar = makeLiar();
  let scene: Scene;
  beforeEach(async () => {
    liar.lie = undefined;
    scene = await openScene({ limits: "off", send: liar.send });
    await scene.write(fileWith("starter"));
    expect((await scene.apply()).verdict).toBe("done");
    return () => scene.close();
  });

  const fileWith = (plan: string): string => `
services:
  - { type: web, name: api, runtime: image, image: { url: nginx }, plan: ${plan}, cache: { profile: no-cache } }
  - { type: keyvalue, name: cache, plan: starter, ipAllowList: [], maxmemoryPolicy: noeviction }
webhooks:
  - { name: deploys, url: "https://hooks.acme.test/in", enabled: true, events: [deploy_ended] }
`;
  const plan = (object: Shown): void => {
    if (object["plan"] !== undefined && object["runtime"] !== undefined) object["plan"] = "nano";
  };

  test.each<readonly [string, (object: Shown) => void]>([
    ["a plan", plan],
    ["a policy", (object) => object["maxmemoryPolicy"] && (object["maxmemoryPolicy"] = "by_age")],
    ["a member of an object", (object) => object["profile"] && (object["profile"] = "at-the-edge")],
    [
      "an item of a list",
      (object) => object["eventFilter"] && (object["eventFilter"] = ["deploy_ended", "moon_rose"]),
    ],
  ])("%s is told as drift with what takes it as it is, and no run writes it", async (_what, lie) => {
    liar.lie = lie;
    const before = writesOf(scene).length;
    const { verdict, plan: planned } = await scene.apply();
    expect(verdict).toBe("done");
    expect(writesOf(scene).slice(before)).toEqual([]);
    const notes = planned.changes.flatMap((change) => change.notes);
    expect(notes).toMatchObject([{ note: "stays", verdict: "outside" }]);
    expect(JSON.stringify(notes)).toContain("lifecycle.ignore");
    expect(isPending(await scene.plan())).toBe(false);
    expect(hasDrift(await scene.drift())).toBe(true);
  });

  test("is written once when the file moves, and not again while it shows", async () => {
    liar.lie = plan;
    await scene.write(fileWith("standard"));
    const before = writesOf(scene).length;
    expect((await scene.apply()).verdict).toBe("done");
    const written = writesOf(scene).slice(before);
    expect(written.filter((line) => line.startsWith("PATCH /services/"))).toHaveLength(1);
    expect(rowNamed(scene, "services", "api")["plan"]).toBe("standard");
    for (let run = 0; run < 3; run += 1) expect((await scene.apply()).verdict).toBe("done");
    expect(writesOf(scene).slice(before)).toEqual(written);
    // What is shown again, and is another one, is somebody's: it is put back as ever.
    liar.lie = undefined;
    await scene.edit("PATCH", `/services/${rowNamed(scene, "services", "api")["id"] as string}`, {
      serviceDetails: { plan: "pro" },
    });
    expect((await scene.apply()).verdict).toBe("done");
    expect(rowNamed(scene, "services", "api")["plan"]).toBe("standard");
  });

  test("hides no known change beside it", async () => {
    liar.lie = (object) => {
      if (object["eventFilter"]) object["eventFilter"] = ["deploy_started", "moon_rose"];
    };
    expect(isPending(await scene.plan())).toBe(true);
  });
});
