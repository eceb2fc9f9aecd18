import { kindOf, nameOf, type Address } from "../../../src/core/base/address.ts";
import type { Action, FieldChange, ResourceChange, Shown, Verdict } from "../../../src/core/model/change.ts";
import type { Json } from "../../../src/core/base/json.ts";
import type { Plan, Step, StepId } from "../../../src/core/model/plan.ts";

/** Makers of plans for the tests of views: only what a test is about is said, the rest is plain. */
export const shown = {
  public: (value: Json): Shown => ({ show: "public", value }),
  secret: (fingerprint: string): Shown => ({ show: "secret", fingerprint }),
  source: (text: string): Shown => ({ show: "source", text }),
  absent: { show: "absent" } as Shown,
};

export function makeField(key: string, before: Shown, after: Shown, verdict: Verdict = "file"): FieldChange {
  const [field = key, ...entry] = key.split(".");
  return {
    field,
    ...(entry.length > 0 && { entry: entry.join(".") }),
    before,
    after,
    verdict,
    removed: false,
    forcesReplace: false,
  };
}

export function makeChange(
  action: Action,
  address: Address,
  more: Partial<ResourceChange> = {},
): ResourceChange {
  return {
    action,
    address,
    kind: kindOf(address),
    name: nameOf(address),
    fields: [],
    recreates: false,
    converged: [],
    optional: [],
    summary: action === "delete" ? "no longer in the file" : "",
    notes: [],
    ...more,
  };
}

export function makeStep(id: StepId, needs: readonly StepId[] = []): Step {
  const [verb, address] = id.split(" ");
  return {
    id,
    address: address as Address,
    kind: kindOf(address as Address),
    needs,
    step: "write",
    verb: verb as "create",
    write: { method: "POST", path: "/services", budgets: ["render/write"] },
    fields: [],
    removed: [],
    optional: false,
  };
}

export function makePlan(changes: readonly ResourceChange[], more: Partial<Plan> = {}): Plan {
  return {
    formatVersion: "1.0",
    basis: {
      label: "default",
      files: ["trueup.yaml"],
      workspace: { id: "tea-cq1", name: "Acme" },
      inventory: { lineage: "l", serial: 1 },
    },
    hash: "0".repeat(64),
    changes,
    steps: [],
    refusals: [],
    problems: [],
    schedule: { slots: [], end: 0, tightest: null, calls: {}, order: [], waves: [] },
    reads: { resources: 31, calls: 38 },
    ...more,
  };
}

const where = (line: number) => ({ file: "trueup.yaml", line, column: 5 });

/** One of everything that a plan can show. */
export function makeSamplePlan(): Plan {
  const forced = {
    ...makeField("region", shown.public("oregon"), shown.public("frankfurt")),
    forcesReplace: true,
  };
  const changes = [
    makeChange("create", "render/postgres/main", {
      summary: "basic-256mb · oregon · PostgreSQL 18",
      fields: [makeField("plan", shown.absent, shown.public("basic-256mb"), "unknown")],
    }),
    makeChange("create", "render/service/api", {
      summary: "web · node · starter · oregon",
      fields: [
        makeField("plan", shown.absent, shown.public("starter"), "unknown"),
        makeField("buildCommand", shown.absent, shown.public("npm ci && npm run build"), "unknown"),
        makeField("envVars.DATABASE_URL", shown.absent, shown.source("from render/postgres/main"), "unknown"),
        makeField("envVars.STRIPE_KEY", shown.absent, shown.secret("c3d4"), "unknown"),
      ],
      notes: [{ note: "needs-value", field: "envVars", entry: "SENTRY_DSN" }],
    }),
    makeChange("update", "render/service/worker", {
      where: where(38),
      fields: [{ ...makeField("numInstances", shown.public(1), shown.public(3)), where: where(41) }],
    }),
    makeChange("update", "render/service/site", {
      where: where(50),
      fields: [
        makeField("branch", shown.public("hotfix"), shown.public("main"), "outside"),
        makeField("envVars.API_URL", shown.secret("a1b2"), shown.public("https://api.acme.dev"), "outside"),
      ],
      notes: [{ note: "not-in-file", field: "envVars", entries: ["DEBUG", "OLD_FLAG"] }],
    }),
    makeChange("adopt", "render/env-group/shared", { id: "evg-1" }),
    makeChange("replace", "render/key-value/cache", { fields: [forced], losesData: true }),
    makeChange("delete", "render/custom-domain/old.acme.dev"),
    makeChange("forget", "render/service/gone", { outside: "gone" }),
    ...Array.from({ length: 24 }, (_, index) => makeChange("keep", `render/service/s${index}`)),
    ...Array.from({ length: 3 }, (_, index) => makeChange("keep", `render/env-group/g${index}`)),
  ];
  const steps = [
    makeStep("create render/postgres/main"),
    makeStep("create render/service/api", ["create render/postgres/main"]),
  ];
  return makePlan(changes, {
    steps,
    schedule: {
      slots: [],
      end: 222_000,
      tightest: "render/create",
      calls: { "render/write": 2 },
      order: [],
      waves: [],
    },
  });
}
