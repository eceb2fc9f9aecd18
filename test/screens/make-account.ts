import type { Address } from "../../src/core/base/address.ts";
import { problem, type Problem } from "../../src/core/base/problem.ts";
import type { FieldChange, ResourceChange } from "../../src/core/model/change.ts";
import type { Plan } from "../../src/core/model/plan.ts";
import { makeChange, makeField, makePlan, makeStep, shown } from "../views/plan/plan-makers.ts";

/*
 * Plans of accounts of any size, as large shops have them: nine kinds of resources, some names as long as Render allows, and
 * changes of every sort. The same size gives the same plan.
 */

const words = [
  "api",
  "web",
  "worker",
  "billing",
  "search",
  "mailer",
  "checkout",
  "imports",
  "admin",
  "reports",
];
const regions = ["frankfurt", "oregon", "ohio"];
const runtimes = ["node", "python", "docker", "go"];
/** Of ten resources six are services. */
const kinds = [
  "service",
  "service",
  "env-group",
  "service",
  "custom-domain",
  "service",
  "postgres",
  "service",
  "service",
  "disk",
];

function nameAt(index: number, kind: string): string {
  const word = words[index % words.length] ?? "api";
  if (kind === "custom-domain") return `${word}-${index}.example.com`;
  return index % 25 === 7 ? `${word}-${index}-integration-environment-for-partners` : `${word}-${index}`;
}

function addressesOf(size: number): readonly Address[] {
  return Array.from({ length: size }, (_, index): Address => {
    const kind = kinds[index % kinds.length] ?? "service";
    return `render/${kind}/${nameAt(index, kind)}`;
  });
}

const where = (line: number) => ({ file: "trueup.yaml", line, column: 5 });

function summaryOf(address: Address, index: number): string {
  const region = regions[index % 3];
  if (address.includes("/service/")) return `web · ${runtimes[index % 4]} · starter · ${region}`;
  if (address.includes("/postgres/")) return `basic-256mb · ${region} · PostgreSQL 18`;
  return "";
}

function createdFields(address: Address, index: number): readonly FieldChange[] {
  if (!address.includes("/service/")) return [];
  return [
    makeField("plan", shown.absent, shown.public("starter"), "unknown"),
    makeField("buildCommand", shown.absent, shown.public("npm ci && npm run build"), "unknown"),
    makeField("envVars.LOG_LEVEL", shown.absent, shown.public("info"), "unknown"),
    makeField(
      `envVars.DATABASE_URL`,
      shown.absent,
      shown.source(`from render/postgres/${words[index % 10]}`),
      "unknown",
    ),
  ];
}

const create = (address: Address, index: number): ResourceChange =>
  makeChange("create", address, {
    summary: summaryOf(address, index),
    fields: createdFields(address, index),
    ...(index % 5 === 0 &&
      address.includes("/service/") && {
        notes: [{ note: "needs-value", field: "envVars", entry: "SENTRY_DSN" }],
      }),
  });

const adopt = (address: Address, index: number): ResourceChange =>
  makeChange("adopt", address, {
    id: `srv-${index}`,
    fields:
      index % 6 === 0
        ? [makeField("plan", shown.public("starter"), shown.public("standard"), "unknown")]
        : [],
    notes: index % 4 === 0 ? [{ note: "not-in-file", field: "envVars", entries: ["DEBUG", "OLD_FLAG"] }] : [],
  });

const keep = (address: Address): ResourceChange => makeChange("keep", address);

/** What somebody did outside: a variable, a branch, a plan. */
const drifted = (address: Address, index: number): ResourceChange =>
  makeChange("update", address, {
    where: where(index * 9 + 4),
    fields: [
      index % 2 === 0
        ? makeField("envVars.LOG_LEVEL", shown.secret("a1b2"), shown.public("info"), "outside")
        : makeField("branch", shown.public("hotfix"), shown.public("main"), "outside"),
    ],
  });

/** A change of the sort that its place has; of ten, four stay as they are. */
function change(address: Address, index: number): ResourceChange {
  switch (index % 10) {
    case 0:
      return makeChange("update", address, {
        where: where(index * 9 + 4),
        fields: [
          {
            ...makeField("plan", shown.public("starter"), shown.public("standard")),
            where: where(index * 9 + 7),
          },
        ],
      });
    case 1:
      return create(address, index);
    case 2:
      return makeChange("update", address, {
        where: where(index * 9 + 4),
        fields: [{ ...makeField("envVars.OLD_FLAG", shown.secret("9f3c"), shown.absent), removed: true }],
      });
    case 3:
      return drifted(address, index);
    case 4:
      return index % 40 === 4 ? makeChange("delete", address) : keep(address);
    case 6:
      return index % 60 === 6
        ? makeChange("replace", address, {
            fields: [
              {
                ...makeField("region", shown.public("oregon"), shown.public("frankfurt")),
                forcesReplace: true,
              },
            ],
            losesData: true,
          })
        : keep(address);
    default:
      return keep(address);
  }
}

type Maker = (address: Address, index: number) => ResourceChange;

function planOf(size: number, make: Maker, more: Partial<Plan> = {}): Plan {
  const changes = addressesOf(size).map(make);
  const creates = changes.filter(({ action }) => action === "create").length;
  const work = changes.filter(({ action }) => action !== "keep");
  const hour = 3_600_000;
  return makePlan(changes, {
    reads: { resources: size, calls: 12 + size },
    steps: work.flatMap(({ action, address }) =>
      action === "adopt" ? [] : [makeStep(`${action === "create" ? "create" : "update"} ${address}`)],
    ),
    schedule: {
      slots: [],
      order: [],
      waves: [],
      end: Math.floor(creates / 20) * hour + work.length * 400 + 30_000,
      tightest: creates > 20 ? "render/create" : null,
      calls: {},
    },
    ...more,
  });
}

export const makeCreation = (size: number): Plan => planOf(size, create);
export const makeAdoption = (size: number): Plan => planOf(size, adopt);
export const makeUnchanged = (size: number): Plan => planOf(size, keep);
export const makeChanges = (size: number): Plan => planOf(size, change);
export const makeDrift = (size: number): Plan =>
  planOf(size, (address, index) => (index % 7 === 0 ? drifted(address, index) : keep(address)));

/** Everything exists already, and nobody agreed to take it; the twentieth part would be deleted. */
export function makeRefused(size: number): Plan {
  const plan = planOf(size, (address, index) =>
    index % 20 === 19 ? makeChange("delete", address) : adopt(address, index),
  );
  const refusals = plan.changes.map(({ action, address }): Problem => {
    const answer = {
      flags: action === "delete" ? [`--allow-deletes ${Math.floor(size / 20)}`] : ["--adopt"],
      word: "yes",
    };
    return action === "delete"
      ? problem(
          "refusal",
          "deletes",
          `${address} is no longer in the file, and would be deleted.`,
          "Agree with --allow-deletes, or put it back into the file.",
          { address, answer },
        )
      : problem(
          "refusal",
          "adopt",
          `${address} exists already, and is not managed by trueup.`,
          "Agree with --adopt, or give the block another name.",
          { address, answer },
        );
  });
  return { ...plan, refusals };
}
