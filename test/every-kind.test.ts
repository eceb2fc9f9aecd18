import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Dice } from "../bench/soak/dice.ts";
import { editFiles, firstFiles } from "../bench/soak/edit-file.ts";
import { writeFileText } from "../bench/soak/write-file.ts";
import type { KindName } from "../src/core/base/address.ts";
import { kinds } from "../src/providers/kinds.ts";
import { account } from "./drift/account.ts";
import { stateOf } from "./file/read.ts";
import { arbitraryWorkspaceFile } from "./properties/arbitrary-workspace.ts";

/**
 * The tests that say "of every kind" go through files that somebody wrote, or through a generator. Here these are held against
 * the registry, so that a new kind without a scene is a failure and not a gap that looks green. `test/lag` and `test/crash`
 * compare their own lists.
 */
const registered = [...kinds.keys()].sort();

test("the account of the tests of drift has every kind, and every field of it, that an API can change in place", () => {
  const { resources } = stateOf(account);
  const declared = new Set(
    resources.flatMap(({ kind, spec }) => Object.keys(spec).map((field) => `${kind} ${field}`)),
  );
  const missing = [...kinds.values()].flatMap(({ name, fields }) =>
    Object.entries(fields)
      .filter(([, { onChange }]) => onChange === "update" || onChange === "grow")
      .map(([field]) => `${name} ${field}`)
      .filter((field) => !declared.has(field)),
  );
  expect(missing).toEqual([]);
});

test("the generator of workspaces makes every kind", () => {
  const made = new Set<KindName>();
  for (const text of fc.sample(arbitraryWorkspaceFile, { numRuns: 30, seed: 1 }))
    for (const { kind } of stateOf(text).resources) made.add(kind);
  expect([...made].sort()).toEqual(registered);
});

/** What a person edits every day is in the soak; what is set once has its tests in `test/lag`, `test/crash` and the generator. */
const notInSoak: readonly KindName[] = [
  "render/dedicated-ip",
  "render/environment",
  "render/log-stream",
  "render/metrics-stream",
  "render/notification-settings",
  "render/project",
  "render/registry-credential",
];

test("the soak's edits make every kind but those that are left out on purpose", () => {
  const dice = new Dice(1);
  let files = firstFiles(dice);
  const made = new Set<KindName>();
  for (let edit = 0; edit < 80; edit += 1) {
    for (const { kind } of stateOf(writeFileText(Object.values(files).flat())).resources) made.add(kind);
    files = editFiles(dice, files).files;
  }
  expect([...made, ...notInSoak].sort()).toEqual(registered);
});

test("the table of what is managed has every kind", () => {
  const page = readFileSync("docs/reference/kinds.md", "utf8");
  const [, table = ""] = /^\| kind \| notes \|\n\|---\|---\|\n((?:\|.*\n)+)/mu.exec(page) ?? [];
  const listed = table.split("\n").flatMap((row) => {
    const [, names = ""] = row.split("|");
    return [...names.matchAll(/`([^`]+)`/gu)].map(([, name = ""]) =>
      name.includes("/") ? name : `render/${name}`,
    );
  });
  expect(listed.sort()).toEqual(registered);
});
