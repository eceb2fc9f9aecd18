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
      envVars.SENTRY_DSN               still needs a value
  > render/env-group/shared            exists already, adopted: from now on, removing it from the file deletes it
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

  . 1 postgres, 1 service  unchanged

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

  it("folds fields that repeat and fields of many new resources, but never what is taken away", () => {
    const addresses = Array.from(
      { length: 50 },
      (_, index) => `render/service/s${String(index).padStart(2, "0")}` as const,
    );
    const updates = addresses.map((address) =>
      makeChange("update", address, {
        fields: [makeField("plan", shown.public("starter"), shown.public("standard"))],
      }),
    );
    const creates = addresses.map((address) =>
      makeChange("create", `${address}n`, {
        fields: Array.from({ length: 12 }, (_, index) =>
          makeField(`envVars.${address.slice(-2)}V${index}`, shown.absent, shown.public("x")),
        ),
      }),
    );
    const removals = makeChange("update", "render/env-group/shared", {
      fields: Array.from({ length: 60 }, (_, index) => ({
        ...makeField(`envVars.OLD_${index}`, shown.secret("a1b2"), shown.absent),
        removed: true,
      })),
    });
    const output = renderPlan(makePlan([...updates, ...creates, removals]), wide);
    for (const address of addresses) expect(output).toContain(`~ ${address} `);
    expect(output.match(/starter -> standard/g)).toHaveLength(1);
    expect(
      output.match(/new in the file, fields as above|changed in the file, fields as above/g),
    ).toHaveLength(49);
    expect(output.match(/and 6 more fields/g)).toHaveLength(50);
    expect(output.match(/a1b2 -> removed/g)).toHaveLength(60);
  });

  it("shows only the first of many unchanged resources that have notes", () => {
    const changes = Array.from({ length: 46 }, (_, index) =>
      makeChange("keep", `render/service/s${index}`, {
        notes: [{ note: "not-in-file", field: "envVars", entries: ["A"] }],
      }),
    );
    const output = renderPlan(makePlan(changes), wide);
    expect(output.match(/not in the file, kept: A/g)).toHaveLength(8);
    expect(output).toContain("  . 38 services        unchanged, with notes like these\n");
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
