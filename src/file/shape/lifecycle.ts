import type { Millis } from "../../core/model/budget.ts";
import { defaultLifecycle, type Lifecycle } from "../../core/model/desired.ts";
import type { JsonSchema } from "../../core/model/field.ts";
import { isObject, type Json } from "../../core/base/json.ts";
import type { FileKind } from "../../core/model/file-kind.ts";
import { inSentence, type BlockContext } from "../base/context.ts";
import type { Unmanaged } from "../base/draft.ts";
import { isNull, keyPlaceOf, memberOf, toJson, type MapNode, type Node } from "../base/node.ts";
import { referredKinds } from "../base/reference-forms.ts";

const pointers: JsonSchema = {
  type: "array",
  items: { type: "string", pattern: "^(/[^/]*)+$", examples: ["/envVars/PORT"] },
};

/**
 * The schema of `lifecycle`: what trueup may do with a resource, and when. `deploy` may stand in services, and in env
 * groups, which deploy through the services that they are linked to.
 */
export const lifecycleSchema: JsonSchema = {
  type: "object",
  description: "What trueup may do with this resource.",
  properties: {
    protect: {
      type: "boolean",
      default: false,
      description: "Refuses every plan that would delete or replace it, also after the block is gone.",
    },
    ignore: { ...pointers, description: "Fields left alone after creation, as JSON Pointers." },
    watch: {
      oneOf: [{ const: true }, pointers],
      description: "Fields that drift reports although the file does not declare them; true is all.",
    },
    renamedFrom: {
      type: "string",
      minLength: 1,
      description: "Name it had before: renamed in place, not made anew.",
    },
    allowDataLoss: {
      type: "string",
      format: "date",
      description: "Last day (YYYY-MM-DD) on which losing its data is agreed to.",
    },
    deploy: {
      type: "string",
      enum: ["trigger", "wait", "skip"],
      default: "trigger",
      description:
        "What follows a change that needs a deploy: start it, start and wait for it, or leave it to you.",
    },
    rollback: { type: "boolean", default: false, description: "Whether a failed deploy is rolled back." },
    beforeDeploy: {
      type: "object",
      description: "One-off job that must succeed before a deploy.",
      properties: {
        job: { type: "string", minLength: 1, description: "Command of the job." },
        timeout: {
          type: "string",
          pattern: "^[1-9][0-9]*(s|m|h)$",
          examples: ["10m"],
          description: "Longest time it may take.",
        },
      },
      required: ["job"],
      additionalProperties: false,
    },
  },
  additionalProperties: false,
};

const forServices = ["deploy", "rollback", "beforeDeploy"];
const notYet = ["watch"];

/** What `lifecycle` of a block says; `ignored` are its keys that have no effect yet. */
export type LifecycleReading = { readonly lifecycle: Lifecycle; readonly ignored: readonly Unmanaged[] };

/** Reads `lifecycle` of a block. Where it is not valid, that is told, and the default is the answer. */
export function readLifecycle(
  node: Node | undefined,
  kind: FileKind,
  context: BlockContext,
): LifecycleReading {
  const none = { lifecycle: defaultLifecycle, ignored: [] };
  if (!node || isNull(node)) return none;
  const json = toJson(node);
  const subject = `\`lifecycle\` of ${inSentence(context.subject)}`;
  if (!context.checker.check("lifecycle", () => lifecycleSchema, json, node, { ...context, subject }))
    return none;
  if (node.is !== "map" || !isObject(json)) return none;
  tellMisplaced(node, kind, context);
  return {
    lifecycle: lifecycleOf(json, node, context),
    ignored: notYet
      .filter((key) => node.entries.has(key) && json[key] !== false)
      .map((key) => ({
        whole: false,
        reason: `lifecycle.${key} is not acted on yet`,
        place: keyPlaceOf(node, key),
      })),
  };
}

function lifecycleOf(
  json: { readonly [key: string]: Json },
  node: MapNode,
  context: BlockContext,
): Lifecycle {
  const { protect, ignore, renamedFrom, deploy, allowDataLoss } = json;
  return {
    ...(typeof protect === "boolean" && { protect }),
    deploy: deploy === "wait" || deploy === "skip" ? deploy : "trigger",
    ignore: Array.isArray(ignore) ? (ignore as readonly string[]) : [],
    rollback: json["rollback"] === true,
    ...beforeDeployOf(json["beforeDeploy"]),
    ...(typeof renamedFrom === "string" && { renamedFrom }),
    ...(typeof allowDataLoss === "string" && isStillGood(allowDataLoss, node, context) && { allowDataLoss }),
  };
}

const units: { readonly [unit: string]: Millis } = { s: 1_000, m: 60_000, h: 3_600_000 };

function beforeDeployOf(value: Json | undefined): Pick<Lifecycle, "beforeDeploy"> {
  if (!isObject(value)) return {};
  const { job, timeout } = value;
  const time =
    typeof timeout === "string" ? Number(timeout.slice(0, -1)) * (units[timeout.slice(-1)] ?? 0) : undefined;
  return {
    beforeDeploy: { job: typeof job === "string" ? job : "", ...(time !== undefined && { timeout: time }) },
  };
}

function isStillGood(date: string, node: MapNode, context: BlockContext): boolean {
  if (date >= context.today) return true;
  context.tell({
    code: "consent-expired",
    severity: "warning",
    message: `\`lifecycle.allowDataLoss\` of ${inSentence(context.subject)} ended on ${date} and allows nothing any more.`,
    remedy: "Remove it.",
    place: memberOf(node, "allowDataLoss")?.place ?? node.place,
  });
  return false;
}

function tellMisplaced(node: MapNode, kind: FileKind, context: BlockContext): void {
  const isGroup = kind.name === referredKinds.group;
  if (kind.name === referredKinds.service) return;
  for (const key of forServices) {
    if (!node.entries.has(key) || (isGroup && key === "deploy")) continue;
    context.tell({
      code: "key-not-for-shape",
      severity: "warning",
      message: `${context.subject} has \`lifecycle.${key}\`, which is for services${key === "deploy" ? " and groups" : ""}; it is ignored.`,
      remedy: "Remove it.",
      place: keyPlaceOf(node, key),
    });
  }
}
