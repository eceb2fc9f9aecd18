import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { findCircles } from "../src/core/base/graph.ts";
import { importsOf, readTree } from "./source-tree.ts";

/**
 * The rooms of the house: folders of one stage, in the order in which they may know each other. A room imports rooms that
 * stand before it; `.` is the stage's own folder. CONTRIBUTING has the same map with what each room is for.
 */
const order: { readonly [stage: string]: readonly string[] } = {
  "src/core": [
    "base",
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
  "src/views": ["base", "plan", "run", "account"],
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
});
