import type { Fault, Rule } from "../../../core/model/field.ts";
import { isObject } from "../../../core/base/json.ts";
import { checkLogStream } from "../log-stream/rules.ts";
import { legacyPostgresPlans } from "../plans.ts";

/** Checks of a database that Render's documentation asks for and its schema does not. */
export const postgresRules: readonly Rule[] = [
  checkSizes,
  checkPlan,
  checkAvailability,
  checkReplicas,
  ({ spec, name }) => checkLogStream(spec["logStream"], "logStream", name),
];

/** A live database may have another size, from a plan of before (seen: 16 GB), and keeps it: only a new size is refused, by the plan. */
function checkSizes({ name, spec }: Parameters<Rule>[0]): readonly Fault[] {
  return ["diskSizeGB", "previewDiskSizeGB"].flatMap((field): readonly Fault[] => {
    const size = spec[field];
    if (typeof size !== "number" || isNewSize(size)) return [];
    const next = Math.ceil(size / 5) * 5;
    if (field === "previewDiskSizeGB") {
      const message = `\`${field}\` of ${name} is ${size}; Render takes 1 or a multiple of 5.`;
      return [{ code: "wrong-value", severity: "error", field, message, remedy: `Use ${next}.` }];
    }
    const message = `\`${field}: ${size}\` of ${name} can exist and not be chosen: Render takes 1 or a multiple of 5. A database that has it keeps it.`;
    return [
      { code: "not-creatable", severity: "warning", field, message, remedy: `For a new size use ${next}.` },
    ];
  });
}

/** Whether a database can be made or resized to that size, in GB (documented). */
export function isNewSize(size: number): boolean {
  return size === 1 || size % 5 === 0;
}

function checkPlan({ name, spec }: Parameters<Rule>[0]): readonly Fault[] {
  const plan = spec["plan"];
  const faults: Fault[] = [];
  if (typeof plan === "string" && legacyPostgresPlans.includes(plan)) {
    faults.push({
      code: "not-creatable",
      severity: "warning",
      field: "plan",
      message: `\`plan: ${plan}\` of ${name} is a plan of before 2024: no new database can have it; one that exists is managed.`,
      remedy: "For a new database choose `basic-256mb` or larger.",
    });
  }
  if (spec["postgresMajorVersion"] === "10") {
    faults.push({
      code: "not-creatable",
      severity: "warning",
      field: "postgresMajorVersion",
      message: `PostgreSQL 10 of ${name} can exist and not be created: the API begins at 11.`,
      remedy: "For a new database choose a newer version.",
    });
  }
  return faults;
}

function checkAvailability({ name, spec }: Parameters<Rule>[0]): readonly Fault[] {
  const wanted = isObject(spec["highAvailability"]) && spec["highAvailability"]["enabled"] === true;
  if (!wanted) return [];
  const version = Number(spec["postgresMajorVersion"] ?? 18);
  const plan = spec["plan"];
  const tooSmall = typeof plan === "string" && /^(free|starter|standard|basic-|0\.)/.test(plan);
  if (version >= 13 && !tooSmall) return [];
  return [
    {
      code: "wrong-value",
      severity: "error",
      field: "highAvailability",
      message: `${name} cannot be highly available with ${tooSmall ? `the plan ${plan}` : `PostgreSQL ${version}`}.`,
      remedy: "It takes PostgreSQL 13 or newer and at least one CPU.",
    },
  ];
}

/** The API refuses two replicas of one name (Render's description: names are unique within a database). */
function checkReplicas({ name, spec }: Parameters<Rule>[0]): readonly Fault[] {
  const replicas = Array.isArray(spec["readReplicas"]) ? spec["readReplicas"].filter(isObject) : [];
  const names = replicas.map((replica) => String(replica["name"]));
  const twice = new Set(names.filter((one, index) => names.indexOf(one) !== index));
  return [...twice].map((one) => ({
    code: "duplicate-address",
    severity: "error",
    field: "readReplicas",
    message: `The read replica ${one} of ${name} is declared twice.`,
    remedy: "Keep one, or rename one: a reference knows a replica by its name.",
  }));
}
