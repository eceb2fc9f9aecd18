import { describe, expect, test } from "vitest";
import { makeAddress } from "../../../src/core/base/address.ts";
import { problem } from "../../../src/core/base/problem.ts";
import type { DriftReport } from "../../../src/core/planning/drift.ts";
import type { RunReport } from "../../../src/core/run/report.ts";
import { renderDriftPage } from "../../../src/views/html/drift-page.ts";
import { renderPlanPage } from "../../../src/views/html/plan-page.ts";
import { renderRunPage } from "../../../src/views/html/run-page.ts";
import { makeChange, makeField, makePlan, makeStep, shown } from "../plan/plan-makers.ts";
import { textOf, wrongWith } from "./read-page.ts";

const schedule = {
  slots: [
    { step: "create render/service/api", start: 0 },
    { step: "create render/service/web", start: 3_600_000, budget: "render/create" },
  ],
  order: ["create render/service/api", "create render/service/web"],
  waves: [
    { start: 0, steps: ["create render/service/api"] },
    { start: 3_600_000, steps: ["create render/service/web"], budget: "render/create" },
  ],
  end: 3_605_000,
  tightest: "render/create",
  calls: { "render/create": 2 },
  gaps: [{ address: "render/service/web" as const, start: 3_600_000, time: 5_000 }],
};

const plan = makePlan(
  [
    makeChange("create", "render/service/api", {
      fields: [makeField("plan", shown.absent, shown.public("pro"))],
    }),
    makeChange("create", "render/service/web"),
    makeChange("update", "render/service/site", {
      fields: [makeField("branch", shown.public("hotfix"), shown.public("main"), "outside")],
    }),
    makeChange("delete", "render/postgres/old", { losesData: true }),
    makeChange("keep", "render/env-group/shared"),
  ],
  {
    schedule,
    steps: [
      makeStep("create render/service/api"),
      makeStep("create render/service/web", ["create render/service/api"]),
    ],
    refusals: [
      problem("refusal", "data-loss", "The data ends.", "Agree with `--allow-data-loss`.", {
        address: "render/postgres/old",
        answer: { flags: ["--allow-data-loss render/postgres/old"] },
      }),
    ],
    problems: [
      problem("warning", "odd", "Something is odd.", "Look at it.", {
        where: { file: "trueup.yaml", line: 7, column: 3 },
      }),
    ],
  },
);

describe("the page of a plan", () => {
  const page = renderPlanPage(plan);

  test("is one file that runs and loads nothing", () => {
    expect(wrongWith(page)).toEqual([]);
  });

  test("says what the plan says: totals, refusals with their answer, problems with their place, fields, loss of data", () => {
    const text = textOf(page);
    for (const words of [
      "refused for 1 reason: 2 to create, 1 drifted, 1 to delete, 1 unchanged",
      "trueup apply --allow-data-loss render/postgres/old",
      "trueup.yaml:7:3",
      "hotfix -> main",
      "DATA IS LOST",
      "limited by render/create (20 an hour)",
      "render/service/web is away for",
      "when render/create (20 an hour) has calls again",
    ])
      expect(text).toContain(words);
    expect(page.match(/<svg/gu)).toHaveLength(2);
  });

  test("has a box to tick for each kind and each verdict, and each line of the listing obeys two of them", () => {
    const ids = [...page.matchAll(/<input class="tick" type="checkbox" id="([^"]+)"/gu)].map(
      ([, id = ""]) => id,
    );
    expect(ids.sort()).toEqual(
      [
        "f-v-create",
        "f-v-drift",
        "f-v-delete",
        "f-v-keep",
        "f-k-render-service",
        "f-k-render-postgres",
        "f-k-render-env-group",
      ].sort(),
    );
    for (const id of ids) {
      expect(page).toContain(`<label for="${id}">`);
      expect(page).toContain(`#${id}:not(:checked)~main .row.${id.slice(2)}{display:none}`);
    }
    const rows = [...page.matchAll(/class="row (v-[\w-]+) (k-[\w-]+)"/gu)];
    expect(rows).toHaveLength(plan.changes.length);
    for (const [, mark, kind] of rows)
      expect([ids.includes(`f-${mark}`), ids.includes(`f-${kind}`)]).toEqual([true, true]);
  });

  test("hides at first what is unchanged, unless there is nothing else", () => {
    const ticked = (text: string) => /id="f-v-keep"[^>]*?( checked)? \/>/u.exec(text)?.[1];
    expect(ticked(page)).toBeUndefined();
    const kept = makePlan([makeChange("keep", "render/service/a"), makeChange("keep", "render/disk/b")]);
    expect(renderPlanPage(kept)).toContain("render/service/a");
    expect(renderPlanPage(kept)).not.toMatch(/id="f-v-keep"/u);
  });
});

test("the page of a run names every step with its end, the gravest first, and why", () => {
  const report: RunReport = {
    formatVersion: "1.0",
    run: "r-1",
    verdict: "failed",
    plan,
    results: [
      {
        step: "create render/service/api",
        status: "failed",
        problem: problem("error", "api-refused", "Refused.", "Pay."),
      },
      { step: "create render/service/web", status: "blocked", by: "create render/service/api" },
    ],
    problems: [],
    took: 5_000,
    ungiven: [{ address: "render/service/api", entries: ["envVars.SENTRY"] }],
  };
  const page = renderRunPage(report);
  expect(wrongWith(page)).toEqual([]);
  const text = textOf(page);
  for (const words of [
    "trueup apply: failed",
    "1 failed, 1 blocked",
    "Refused.",
    "Pay.",
    "it needs create render/service/api",
    "envVars.SENTRY",
  ])
    expect(text).toContain(words);
  expect(text.indexOf("create render/service/api failed")).toBeLessThan(
    text.indexOf("create render/service/web blocked"),
  );
});

test("the page of drift tells verdicts apart", () => {
  const drifted = [
    makeChange("update", "render/service/a", {
      fields: [makeField("plan", shown.public("pro"), shown.public("starter"), "outside")],
    }),
    makeChange("create", "render/service/b", { outside: "gone" }),
  ];
  const report: DriftReport = {
    formatVersion: "1.0",
    basis: plan.basis,
    reads: plan.reads,
    drifted: [
      { address: "render/service/a", verdict: "changed", change: drifted[0]! },
      { address: "render/service/b", verdict: "gone", change: drifted[1]! },
    ],
    pending: ["render/service/c"],
    renewed: [],
    unchanged: 4,
    problems: [],
  };
  const page = renderDriftPage(report, {
    nodes: [{ id: "render/service/a", label: "render/service/a", mark: "update" }],
    edges: [],
  });
  expect(wrongWith(page)).toEqual([]);
  expect(textOf(page)).toContain(
    "1 changed outside, 1 deleted outside, 1 changed in the file only, 4 as the file says",
  );
  for (const id of ["f-v-changed", "f-v-gone"]) expect(page).toContain(`<label for="${id}">`);
});

describe("names from outside", () => {
  const hostile = [
    `"><script>alert(1)</script>`,
    `</pre></details></style><img src=x onerror=alert(1)>`,
    `\u202egnp.exe\u0007\u001b[31m`,
    "<!-- trueup {} --> @ada ::error::x\n::warning::y",
    `' onmouseover='x' &lt; \`code\` \${x}`,
  ];

  test.each(hostile)("%j is text wherever it stands", (name) => {
    const address = makeAddress("render/service", name);
    const change = makeChange("update", address, {
      fields: [makeField(`envVars.${name}`, shown.public(name), shown.public({ [name]: [name] }))],
      where: { file: name, line: 1, column: 1 },
      exportedTo: name,
    });
    const step = { ...makeStep("update x"), address, id: `update ${address} ${name}` };
    const bad = problem("refusal", name, name, name, {
      frame: name,
      log: [name],
      where: { file: name, line: 1, column: 1 },
      answer: { flags: [name], block: name },
    });
    const whole = makePlan([change, makeChange("create", "render/service/b", { summary: name })], {
      basis: {
        ...plan.basis,
        files: [name],
        label: name,
        workspace: { id: name, name },
        rendercadUser: name,
      },
      steps: [step],
      schedule: {
        ...schedule,
        slots: [{ step: step.id, start: 0 }],
        waves: [{ start: 0, steps: [step.id] }],
        gaps: [{ address, start: 0, time: 1 }],
      },
      refusals: [bad],
      problems: [{ ...bad, severity: "warning" }],
    });
    const graph = { nodes: [{ id: name, label: name, mark: "create" as const }], edges: [] };
    expect(wrongWith(renderPlanPage(whole, { graph }))).toEqual([]);
    const run: RunReport = {
      formatVersion: "1.0",
      run: name,
      verdict: "failed",
      plan: whole,
      results: [{ step: step.id, status: "failed", problem: bad }],
      problems: [bad],
      ungiven: [{ address, entries: [name] }],
      took: 1,
    };
    expect(wrongWith(renderRunPage(run))).toEqual([]);
    const drift: DriftReport = {
      formatVersion: "1.0",
      basis: whole.basis,
      reads: plan.reads,
      drifted: [{ address, verdict: "changed", change }],
      pending: [address],
      renewed: [address],
      accepted: [name],
      unchanged: 0,
      problems: [bad],
    };
    expect(wrongWith(renderDriftPage(drift, graph))).toEqual([]);
  });

  test("what this looks for is found", () => {
    const page = renderPlanPage(plan);
    expect(wrongWith(page.replace("<main>", "<main><script>x</script>"))).toContain("tag script");
    expect(wrongWith(page.replace("<main>", '<main onclick="x">'))).toContain("attribute onclick of main");
    expect(wrongWith(page.replace("</h1>", "\u202e</h1>"))).toContain("a character that cannot be seen");
    expect(wrongWith(page.replace("color-scheme", "color-schema")).join()).toContain("policy");
  });
});
