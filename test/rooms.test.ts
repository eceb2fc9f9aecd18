import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { findCircles } from "../src/core/base/graph.ts";
import { readMap } from "./house-map.ts";
import { importsOf, readTree } from "./source-tree.ts";

/**
 * The rooms of the house: folders of one stage, in the order in which they may know each other. A room imports rooms that
 * stand before it; `.` is the stage's own folder. CONTRIBUTING has the same map with what each room is for.
 */
const order: { readonly [stage: string]: readonly string[] } = {
  "src/core": [
    "base",
    "cost",
    "model",
    "kind",
    "run",
    "owners",
    "compare",
    "rotation",
    "diff",
    "consent",
    "steps",
    "guards",
    "planning",
    "schedule",
    "protocol",
  ],
  "src/engine": ["match", "read", "memory", "values", "settle", "rotation", "run"],
  "src/file": ["base", "read", "shape", "blocks", "write"],
  "src/store": ["base", "partition", "file", "git", "secrets"],
  "src/views": ["base", "json", "schemas", "plan", "run", "account", "picture", "markdown", "html"],
  "src/commands": ["base", "accounts", "files", "planning", "run", "state", ".", "export", "rehearsal"],
  "src/shells/cli": ["terminal", "base", "plan", "state", "file", "account", "simulator", "."],
  "src/simulator": ["base", "server", "render", "rendercad", "."],
};

const most = 16;
const source = readTree("src");

/** Of a file in a stage with rooms: the stage, and the name of its room. */
function roomOf(path: string): { readonly stage: string; readonly room: string } | undefined {
  const stage = Object.keys(order).find((folder) => path.startsWith(`${folder}/`));
  if (stage === undefined) return undefined;
  const [room = "", ...rest] = path.slice(stage.length + 1).split("/");
  return { stage, room: rest.length === 0 ? "." : room };
}

describe("rooms", () => {
  test("every file of a stage with rooms stands in one of the table, and every room of the table has files", () => {
    const seen = new Map(Object.keys(order).map((stage) => [stage, new Set<string>()]));
    for (const { path } of source) {
      const place = roomOf(path);
      if (place) seen.get(place.stage)?.add(place.room);
    }
    for (const [stage, rooms] of seen) expect([...rooms].sort(), stage).toEqual([...order[stage]!].sort());
  });

  test("know only the rooms before them, types included", () => {
    const wrong = source.flatMap((file) => {
      const from = roomOf(file.path);
      if (!from) return [];
      return importsOf(file).flatMap(({ target }) => {
        const to = roomOf(target);
        if (!to || to.stage !== from.stage) return [];
        const rooms = order[from.stage]!;
        const isKnown = rooms.indexOf(to.room) <= rooms.indexOf(from.room);
        return isKnown ? [] : [`${file.path} -> ${target}`];
      });
    });
    expect(wrong).toEqual([]);
  });

  test("no file imports one that leads back to it, types and lazy imports included", () => {
    const needs = new Map(
      source.map((file) => [file.path, importsOf(file).map(({ target }) => target)] as const),
    );
    expect(findCircles(needs)).toEqual([]);
  });

  test(`no folder of the source has more than ${most} files`, () => {
    const sizes = new Map<string, number>();
    for (const { path } of source) sizes.set(dirname(path), (sizes.get(dirname(path)) ?? 0) + 1);
    expect([...sizes].filter(([, size]) => size > most)).toEqual([]);
  });

  test("stand in the map of CONTRIBUTING, all of them and in this order", () => {
    const drawn = readMap().filter(({ rooms }) => rooms.length > 0);
    expect(Object.fromEntries(drawn.map(({ path, rooms }) => [path, rooms]))).toEqual(order);
  });
});

test("CONTRIBUTING names no path that is not there", () => {
  const text = readFileSync("CONTRIBUTING.md", "utf8");
  const named = [...text.matchAll(/`((?:src|test|bench|docs|schemas)\/[\w./-]+)`/g)].map(
    ([, path = ""]) => path,
  );
  expect(named).toContain("src/core/kind/kind.ts");
  expect(named.filter((path) => !existsSync(path))).toEqual([]);
});

describe("the head of a folder", () => {
  const folders = [...new Set(source.map(({ path }) => dirname(path)))].sort();
  const heads = folders.map((folder) => {
    const path = `${folder}/README.md`;
    return { folder, path, text: existsSync(path) ? readFileSync(path, "utf8") : "" };
  });

  test("says what it is for, with its terms and an example", () => {
    expect(heads.filter(({ text }) => text === "").map(({ folder }) => folder)).toEqual([]);
    // A title, a premise, and something shown: a table, a block of text, or a list of terms.
    const thin = heads.filter(
      ({ text }) =>
        !/^# \S/.test(text) || text.split("\n").length < 6 || !/```|^\|.*\||^- \*\*|^ {4}\S/m.test(text),
    );
    expect(thin.map(({ folder }) => folder)).toEqual([]);
    const long = heads.filter(({ text }) => text.split("\n").length > 40);
    expect(long.map(({ folder }) => folder)).toEqual([]);
  });

  test("names no file that is not there", () => {
    const wrong = heads.flatMap(({ folder, path, text }) =>
      [...text.matchAll(/`([\w./-]+\.ts)`/g)]
        .map(([, name = ""]) => name)
        .filter((name) => ![`${folder}/${name}`, name, `src/${name}`].some((place) => existsSync(place)))
        .map((name) => `${path}: ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  test("leads to decisions that are there", () => {
    const wrong = heads.flatMap(({ folder, path, text }) =>
      [...text.matchAll(/\]\(([^)#]+)/g)]
        .map(([, link = ""]) => link)
        .filter((link) => !existsSync(join(folder, link)))
        .map((link) => `${path}: ${link}`),
    );
    expect(wrong).toEqual([]);
    expect(heads.filter(({ text }) => text.includes("docs/decisions/"))).not.toEqual([]);
  });
});

describe("what a kind calls its own", () => {
  /** Names of resources and of the fields that other rooms work with, as strings of code. */
  const names =
    /"(?:envVars|groupLinks|readReplicas|secretFiles)(?:\.[^"]*)?"|"(?:render|rendercad)\/[a-z-]+(?:\/[^"]*)?"/g;

  /** Where such a name is not a kind's own, and why. */
  const allowed: { readonly [path: string]: string } = {
    "src/commands/accounts/rendercad-device-code.ts": "names of budgets",
    "src/file/shape/settings-schema.ts": "an example in the schema",
    "src/core/model/budget.ts": "names of budgets, which follow the calls that they count",
    "src/core/model/value.ts": "how the output that is a variable is spelled",
    "src/file/base/frame.ts": "words of the format that a frame may show",
    "src/file/base/masks.ts":
      "words of the format behind which values stand, in a file that nobody understood yet",
    "src/file/base/reference-forms.ts": "the kinds that the format's references point at",
    "src/file/shape/consents-schema.ts": "an example in the schema",
  };

  test("is known to the providers alone, and to texts for people in the shells: other rooms ask the kind", () => {
    const used = source
      .filter(({ path }) => !/^src\/(?:providers|simulator|shells)\//.test(path))
      .flatMap(({ path, lines }) =>
        lines
          .filter((line) => !/^\s*(?:\*|\/\/|\/\*)/.test(line))
          .flatMap((line) => [...line.matchAll(names)].map(([name]) => ({ path, name }))),
      );
    expect(used.filter(({ path }) => allowed[path] === undefined)).toEqual([]);
    const needless = Object.keys(allowed).filter((path) => !used.some((one) => one.path === path));
    expect(needless, "an exception that nothing needs any more").toEqual([]);
  });
});
