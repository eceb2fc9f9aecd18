import { expect, test } from "vitest";
import type { Inventory } from "../../../src/core/model/inventory.ts";
import {
  renderOwned,
  renderOwnedJson,
  renderOwning,
  renderOwningJson,
} from "../../../src/views/run/state.ts";

const screen = { columns: 100, colour: false, unicode: true };
const digest = "a1b2".padEnd(64, "0");
const inventory: Inventory = {
  version: 2,
  lineage: "0011",
  serial: 3,
  workspace: "tea-1",
  files: {
    "github.com/acme/app//deploy/trueup.yaml": {
      repository: "github.com/acme/app",
      path: "deploy/trueup.yaml",
      with: ["github.com/acme/app//deploy/trueup.yaml"],
    },
  },
  resources: {
    "render/service/api": {
      kind: "render/service",
      id: "srv-1",
      name: "api",
      fields: { plan: digest, "envVars.KEY": digest },
      needs: ["render/postgres/main", "render/env-group/shared"],
      protect: false,
      file: "github.com/acme/app//deploy/trueup.yaml",
    },
    "render/postgres/main": {
      kind: "render/postgres",
      id: "dpg-1",
      name: "main",
      fields: {},
      needs: [],
      protect: true,
    },
  },
  pending: { "render/service/api": { creation: { at: 0 } } },
};

test("a list of what is owned, sorted, with where that is written down", () => {
  expect(renderOwning(inventory, "state/default", screen)).toBe(`  render/postgres/main  dpg-1 · protected
  render/service/api    srv-1 · deploy/trueup.yaml · a run left work with it

2 resources owned, in state/default
`);
  expect(renderOwning({ ...inventory, resources: {} }, "state/default", screen)).toBe(
    "0 resources owned, in state/default\n",
  );
});

test("one resource, its fields by four digits", () => {
  const owned = inventory.resources["render/service/api"]!;
  expect(renderOwned("render/service/api", { owned }, screen)).toBe(`render/service/api
  id         srv-1
  name       api
  file       github.com/acme/app//deploy/trueup.yaml
  protected  no
  needs      render/postgres/main
             render/env-group/shared
  last applied
    plan         a1b2
    envVars.KEY  a1b2
`);
});

test("what a run left with it stands there in words, also where nothing is owned yet", () => {
  const pending = { creation: { at: 0 }, cancellation: true } as const;
  const narrow = { ...screen, columns: 60 };
  expect(renderOwned("render/service/new", { pending }, narrow)).toBe(`render/service/new
  id    not known
  left  its creation was sent and no answer was heard; the
        next run looks whether it was made
        its first deploy lacks variables; the next run
        cancels it and deploys once all are there
`);
});

test("a path tells which file is meant where one repository has them all, and the whole id where two do", () => {
  const other = { path: "b.yaml", repository: "github.com/acme/web", with: [] };
  const two = { ...inventory, files: { ...inventory.files, "github.com/acme/web//b.yaml": other } };
  expect(renderOwning(two, "state/default", screen)).toContain(
    "srv-1 · github.com/acme/app//deploy/trueup.yaml",
  );
  const json = JSON.parse(renderOwningJson(two, "state/default")) as {
    readonly resources: readonly object[];
  };
  expect(json.resources).toMatchObject([{ file: null }, { file: "github.com/acme/app//deploy/trueup.yaml" }]);
});

test("JSON has no more than four digits of a digest either", () => {
  const texts = [
    renderOwningJson(inventory, "state/default"),
    renderOwnedJson("render/service/api", { owned: inventory.resources["render/service/api"]! }),
  ];
  for (const text of texts) expect(text).not.toContain(digest);
  expect(JSON.parse(texts[0]!)).toMatchObject({
    formatVersion: "1.0",
    workspace: "tea-1",
    serial: 3,
    resources: [
      { address: "render/postgres/main" },
      { address: "render/service/api", fields: { plan: "a1b2" } },
    ],
  });
});
