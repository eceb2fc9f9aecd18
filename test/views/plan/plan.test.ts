import fc from "fast-check";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { makeAddress } from "../../../src/core/base/address.ts";
import type { Action } from "../../../src/core/model/change.ts";
import { problem } from "../../../src/core/base/problem.ts";
import { displayWidth, escapeText } from "../../../src/views/base/escape.ts";
import { renderPlan } from "../../../src/views/plan/plan.ts";
import { makeChange, makeField, makePlan, makeSamplePlan, makeStep, shown } from "./plan-makers.ts";

const narrow = { columns: 80, colour: false, unicode: true };
const wide = { columns: 120, colour: false, unicode: true };

describe("renderPlan", () => {
  it("shows each kind of change with its mark, its reason and its fields", () => {
    expect(`\n${renderPlan(makeSamplePlan(), wide, { next: "trueup apply" })}`).toBe(`
Acme (tea-cq1) · trueup.yaml · 31 resources read in 38 calls

  + render/postgres/main               basic-256mb · oregon · PostgreSQL 18
  + render/service/api                 web · node · starter · oregon
      buildCommand                     npm ci && npm run build
      envVars.DATABASE_URL             from render/postgres/main
      envVars.STRIPE_KEY               c3d4
      envVars.SENTRY_DSN               still needs a value: asked for at apply
  > render/env-group/shared            exists already, adopted
  ~ render/service/worker              changed in the file, trueup.yaml:41
      numInstances                     1 -> 3
  ! render/service/site                changed outside the file
      branch                           hotfix -> main
      envVars.API_URL                  a1b2 -> https://api.acme.dev
      envVars                          not in the file, kept: DEBUG, OLD_FLAG
  ± render/key-value/cache             must be replaced: region cannot change. DATA IS LOST
      region                           oregon -> frankfurt
  - render/custom-domain/old.acme.dev  no longer in the file
  < render/service/gone                gone, and no longer in the file: only the inventory forgets it
  . 24 services, 3 env groups          unchanged

Plan   2 to create, 1 to adopt, 1 to update, 1 drifted, 1 to replace, 1 to delete, 1 to forget, 27 unchanged
Time   about 4 min, limited by render/create (20 an hour)
Adopt  what exists already belongs to the file from then on: taking it out of the file deletes it

Next   trueup apply
`);
  });

  it("wraps to 80 columns without cutting a name", () => {
    const output = renderPlan(makeSamplePlan(), narrow);
    for (const line of output.split("\n")) expect(displayWidth(line)).toBeLessThanOrEqual(80);
    expect(output).toContain(`
  ± render/key-value/cache             must be replaced: region cannot change
                                       DATA IS LOST
`);
  });

  it("says in one line that nothing differs", () => {
    const plan = makePlan([
      makeChange("keep", "render/service/api"),
      makeChange("keep", "render/postgres/main"),
    ]);
    expect(renderPlan(plan, narrow, { next: "trueup apply" }))
      .toBe(`Acme (tea-cq1) · trueup.yaml · 31 resources read in 38 calls

  . 1 Postgres database, 1 service  unchanged

Plan   nothing to do, 2 unchanged
`);
  });

  it("puts the words of a very long name below it", () => {
    const name = `render/custom-domain/${"long-".repeat(12)}name.example.com` as const;
    const output = renderPlan(makePlan([makeChange("delete", name)]), narrow);
    expect(output).toContain(`  - ${name}\n${" ".repeat(40)}no longer in the file\n`);
  });

  it("says which side moved, per field, where the two differ", () => {
    const change = makeChange("update", "render/service/api", {
      fields: [
        makeField("plan", shown.public("starter"), shown.public("standard"), "file"),
        makeField("envVars.STRIPE_KEY", shown.secret("a1b2"), shown.secret("c3d4"), "outside"),
      ],
    });
    expect(renderPlan(makePlan([change]), wide)).toContain(`
  ~ render/service/api    changed in the file and outside it
      plan                starter -> standard  (changed in the file)
      envVars.STRIPE_KEY  a1b2 -> c3d4  (changed outside)
`);
  });

  it("shows long values from shortly before the place where they part", () => {
    const start =
      "npm ci && npm run build --workspace packages/server --if-present && npm run migrate -- --env ";
    const change = makeChange("update", "render/service/api", {
      fields: [
        makeField("buildCommand", shown.public(`${start}staging`), shown.public(`${start}production`)),
      ],
    });
    expect(renderPlan(makePlan([change]), narrow)).toContain(`
      buildCommand      …- --env staging
                        -> …- --env production
`);
  });

  it("tells a number from a text, an empty text from none, and an entry that is taken away", () => {
    const change = makeChange("update", "render/service/api", {
      fields: [
        makeField("envVars.A", shown.public("3"), shown.public(3)),
        makeField("envVars.B", shown.absent, shown.public("")),
        { ...makeField("envVars.C", shown.secret("a1b2"), shown.absent), removed: true },
      ],
    });
    expect(renderPlan(makePlan([change]), wide)).toContain(`
      envVars.A         "3" -> 3
      envVars.B         not set -> ""
      envVars.C         a1b2 -> removed
`);
  });

  it("tells three that say the same once, with all their names in the order of people", () => {
    const changes = [10, 9, 2, 1].map((number) =>
      makeChange("update", `render/service/web-${number}`, {
        where: { file: "trueup.yaml", line: number, column: 3 },
        fields: [makeField("plan", shown.public("starter"), shown.public("standard"))],
      }),
    );
    expect(renderPlan(makePlan(changes.slice(0, 3)), narrow)).toContain(`
  ~ 3 services  changed in the file
      plan      starter -> standard
      web-2, web-9, web-10
`);
    expect(renderPlan(makePlan(changes.slice(0, 2)), narrow)).toContain("~ render/service/web-9 ");
    const whole = renderPlan(makePlan(changes), { ...narrow, verbose: true });
    for (const { address } of changes) expect(whole).toContain(`~ ${address} `);
  });

  it("tells five hundred changes by kind on one screen, and names all that is taken away", () => {
    const numbers = Array.from({ length: 250 }, (_, index) => index);
    const updates = numbers.map((number) =>
      makeChange("update", `render/service/s${number}`, {
        fields: [makeField(number % 2 === 0 ? "plan" : "branch", shown.public("a"), shown.public("b"))],
      }),
    );
    const creates = numbers.map((number) =>
      makeChange("create", `render/service/n${number}`, {
        summary: number < 200 ? "web · node" : "worker · node",
        fields: [makeField(`envVars.V${number}`, shown.absent, shown.public("x"))],
      }),
    );
    const output = renderPlan(makePlan([...updates, ...creates]), narrow);
    expect(output.split("\n").length).toBeLessThan(24);
    expect(output).toContain("  + 250 services  200 web, 50 worker\n");
    expect(output).toContain("      fields      branch (125), plan (125)\n");
    expect(output).toContain("More   -v lists every resource with all its fields\n");
    const deletes = numbers.map((number) => makeChange("delete", `render/service/gone-${number}`));
    const removals = makeChange("update", "render/env-group/shared", {
      fields: numbers.slice(0, 60).map((number) => ({
        ...makeField(`envVars.OLD_${number}`, shown.secret("a1b2"), shown.absent),
        removed: true,
      })),
    });
    const grave = renderPlan(makePlan([...updates, ...deletes, removals]), narrow);
    for (const { name } of deletes) expect(grave).toMatch(new RegExp(`\\b${name}\\b`));
    expect(grave.match(/a1b2 -> removed/g)).toHaveLength(60);
  });

  it("tells what unchanged resources say once, and counts the rest of them", () => {
    const changes = Array.from({ length: 46 }, (_, index) =>
      makeChange("keep", `render/service/s${index}`, {
        notes: index < 40 ? [{ note: "not-in-file", field: "envVars", entries: ["A"] }] : [],
      }),
    );
    const output = renderPlan(makePlan(changes), wide);
    expect(output.match(/not in the file, kept: A/g)).toHaveLength(1);
    expect(output).toContain("  . 40 services  unchanged\n");
    expect(output).toContain("  . 6 services   unchanged\n");
    expect(renderPlan(makePlan(changes), { ...wide, verbose: true }).match(/kept: A/g)).toHaveLength(40);
  });

  it("says once at the end what several have to be told, each with its own detail", () => {
    const changes = Array.from({ length: 6 }, (_, index) =>
      makeChange("keep", `render/custom-domain/d${index}.acme.dev`, {
        notes: [{ note: "remark", text: "not verified yet", detail: `CNAME d${index}.onrender.com` }],
      }),
    );
    expect(renderPlan(makePlan(changes), narrow)).toContain(`
  . 6 custom domains  unchanged

Notes
  6 custom domains: not verified yet
    d0.acme.dev  CNAME d0.onrender.com
    d1.acme.dev  CNAME d1.onrender.com
    d2.acme.dev  CNAME d2.onrender.com
    d3.acme.dev  CNAME d3.onrender.com
    and 2 more; -v lists them
`);
    expect(renderPlan(makePlan(changes.slice(0, 1)), narrow)).toContain(
      "not verified yet (CNAME d0.onrender.com)",
    );
  });

  it("tells values in words, and of a list what comes and goes", () => {
    const route = { type: "rewrite", source: "/api/*", destination: "/v2/*", priority: 0 };
    const change = makeChange("update", "render/service/api", {
      fields: [
        makeField("image", shown.absent, shown.public({ url: "ghcr.io/acme/api:1.0" })),
        makeField(
          "buildFilter",
          shown.public({ paths: ["src/**"], ignoredPaths: [] }),
          shown.public({ paths: ["src/**", "lib/**"], ignoredPaths: [] }),
        ),
        makeField(
          "ipAllowList",
          shown.public([{ source: "10.0.0.0/8", description: "office" }]),
          shown.public([{ source: "0.0.0.0/0" }]),
        ),
        makeField("environment", shown.absent, shown.public("render/environment/shop%2Fproduction")),
        { ...makeField("routes", shown.absent, shown.public(route)), entry: "rewrite /api/*" },
        { ...makeField("groupLinks", shown.absent, shown.public(true)), entry: "render/env-group/shared" },
        {
          ...makeField("groupLinks", shown.public(true), shown.absent),
          entry: "render/env-group/small",
          removed: true,
        },
      ],
    });
    expect(renderPlan(makePlan([change]), narrow)).toContain(`
      image                  not set -> ghcr.io/acme/api:1.0
      buildFilter            paths: src/** -> src/**, lib/**
      ipAllowList            - 10.0.0.0/8 (office)
                             + 0.0.0.0/0
      environment            not set -> shop/production
      routes.rewrite /api/*  not set -> rewrite /api/* -> /v2/*
      env group shared       linked
      env group small        link removed
`);
  });

  it("tells values that are asked for once, and a first deploy that is cancelled", () => {
    const change = makeChange("create", "render/service/api", {
      fields: ["A", "B2", "B10"].map((key) =>
        makeField(`envVars.${key}`, shown.absent, shown.source("asked for at apply")),
      ),
      notes: ["A", "B10", "B2"].map((entry) => ({ note: "needs-value", field: "envVars", entry })),
    });
    const create = { ...makeStep("create render/service/api"), incomplete: true as const };
    expect(renderPlan(makePlan([change], { steps: [create] }), narrow)).toContain(`
  + render/service/api
      envVars           3 still need a value, asked for at apply: A, B2, B10
      deploy            first deploy cancelled: deployed once, when everything
                        it refers to is there
`);
  });

  it("tells a value that is asked for of a field itself once, by the name of the field", () => {
    const change = makeChange("create", "render/registry-credential/ghcr", {
      fields: [makeField("authToken", shown.absent, shown.source("asked for at apply"))],
      notes: [{ note: "needs-value", field: "authToken" }],
    });
    const lines = renderPlan(makePlan([change]), narrow).split("\n");
    const told = lines
      .filter((line) => line.includes("authToken"))
      .map((line) => line.trim().split(/ {2,}/u));
    expect(told).toEqual([["authToken", "still needs a value: asked for at apply"]]);
  });

  it("tells equal refusals once, with who else is meant and one answer", () => {
    const refuse = (address: string) =>
      problem("refusal", "adopt", `${address} exists already.`, "Run again with --adopt.", { address });
    const addresses = Array.from({ length: 40 }, (_, index) => `render/service/s${index}` as const);
    const plan = makePlan(
      addresses.map((address) => makeChange("adopt", address)),
      { refusals: addresses.map(refuse) },
    );
    expect(renderPlan(plan, narrow)).toContain(`
Refused
  adopt  40 times
    render/service/s0 exists already.
    The same of 39 more: 39 services.
    Run again with --adopt.
`);
    expect(renderPlan(plan, narrow)).toContain("Refused for 1 reason;");
    const ends = ["main", "shop", "logs"].map((name) =>
      problem(
        "refusal",
        "data-loss",
        `render/postgres/${name} loses its data.`,
        `Agree with --allow-data-loss render/postgres/${name}.`,
        { address: `render/postgres/${name}` },
      ),
    );
    expect(renderPlan(makePlan([], { refusals: ends }), narrow)).toContain(`
  data-loss  3 times
    render/postgres/main loses its data.
    The same of 2 more: render/postgres/logs, render/postgres/shop.
    Agree with --allow-data-loss ADDRESS.
`);
  });

  it("shows refusals with what answers them, and then no way on", () => {
    const refusal = problem(
      "refusal",
      "data-loss",
      "render/key-value/cache loses its data.",
      "Agree to it with --allow-data-loss.",
      {
        where: { file: "trueup.yaml", line: 12, column: 5 },
        answer: {
          flags: ["--allow-data-loss render/key-value/cache"],
          block: "removed:\n  - { address: render/key-value/cache, data: lost, until: 2026-12-01 }",
        },
      },
    );
    const plan = makePlan([makeChange("delete", "render/key-value/cache", { losesData: true })], {
      refusals: [refusal],
      steps: [makeStep("delete render/key-value/cache")],
    });
    const answer = (flags: readonly string[]): string => ["trueup apply --yes", ...flags].join(" ");
    expect(renderPlan(plan, narrow, { next: "trueup apply", answer }))
      .toBe(`Acme (tea-cq1) · trueup.yaml · 31 resources read in 38 calls

  - render/key-value/cache  no longer in the file. DATA IS LOST

Refused
  data-loss  trueup.yaml:12:5
    render/key-value/cache loses its data.
    Agree to it with --allow-data-loss.

Plan   1 to delete
Time   a few seconds

Refused for 1 reason; nothing is written until it is answered.
Answer trueup apply --yes --allow-data-loss render/key-value/cache

Or in the file, at its root
removed:
  - { address: render/key-value/cache, data: lost, until: 2026-12-01 }
`);
  });

  it("draws in ASCII alone where there is nothing else, and in colour without other characters", () => {
    const plain = renderPlan(makeSamplePlan(), { ...wide, unicode: false });
    expect(plain).toMatch(/^[\x20-\x7e\n]*$/);
    const coloured = renderPlan(makeSamplePlan(), { ...wide, colour: true });
    expect(coloured).not.toBe(stripVTControlCharacters(coloured));
    expect(stripVTControlCharacters(coloured)).toBe(renderPlan(makeSamplePlan(), wide));
  });

  it("never loses a name, never exceeds 80 to 160 columns by its own words, never lets text steer the terminal", () => {
    const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 90 });
    const action = fc.constantFrom<Action>("create", "update", "adopt", "replace", "delete", "forget");
    const change = fc.record({ name, action, value: fc.string({ unit: "binary", maxLength: 300 }) });
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 8 }),
        fc.integer({ min: 80, max: 160 }),
        (drafts, columns) => {
          const changes = drafts.map((draft) =>
            makeChange(draft.action, makeAddress("render/service", draft.name), {
              fields: [makeField("envVars.A", shown.public(draft.value), shown.public(`${draft.value}!`))],
              summary: draft.value,
            }),
          );
          const output = renderPlan(makePlan(changes), { columns, colour: false, unicode: true });
          expect(output).not.toMatch(/[^\n\P{Cc}]|[\p{Cf}\p{Zl}\p{Zp}]/u);
          for (const { address } of changes) expect(output).toContain(escapeText(address));
          const longest = Math.max(0, ...changes.map(({ address }) => displayWidth(escapeText(address)) + 4));
          for (const line of output.split("\n"))
            expect(displayWidth(line)).toBeLessThanOrEqual(Math.max(columns, longest));
        },
      ),
      { numRuns: 50 },
    );
  });
});
