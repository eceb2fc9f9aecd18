import type { FieldTable, Shape, Rule } from "../../../core/model/field.ts";
import { keyValuePlans } from "../plans.ts";
import { logStreamField, suspendedField } from "../shared-fields.ts";
import { ipAllowList, region } from "../schemas.ts";
import { checkLogStream } from "../log-stream/rules.ts";

/** How a Key Value instance stands in the file. */
export const keyValueShapes: readonly Shape[] = [
  { name: "key-value", description: "Key Value instance", list: "services", when: { type: ["keyvalue"] } },
];

/** The fields of a Key Value instance. */
export const keyValueFields = {
  plan: {
    description: "Size of the instance.",
    schema: { type: "string", enum: keyValuePlans },
    loose: { retired: [] },
    facet: "settings",
    onChange: "update",
  },
  region: {
    description: "Where the instance runs. Only at creation.",
    schema: region,
    facet: "settings",
    onChange: "replace",
  },
  // The only kind that Render refuses without an allow list (Render's Blueprint schema).
  ipAllowList: {
    description: "Addresses that may connect from outside; `[]` keeps the instance on the private network.",
    schema: { ...ipAllowList, examples: [[]] },
    facet: "settings",
    onChange: "update",
    required: ["key-value"],
  },
  maxmemoryPolicy: {
    description: "What is evicted when memory is full.",
    schema: {
      type: "string",
      enum: [
        "allkeys-lru",
        "volatile-lru",
        "allkeys-lfu",
        "volatile-lfu",
        "allkeys-random",
        "volatile-random",
        "volatile-ttl",
        "noeviction",
      ],
    },
    loose: { retired: [] },
    facet: "settings",
    onChange: "update",
  },
  persistenceMode: {
    description: "How data is kept on disk. A change to or from `off` loses the data.",
    schema: { type: "string", enum: ["journal-snapshot", "snapshot", "off"] },
    loose: { retired: [] },
    facet: "settings",
    onChange: "update",
  },
  suspended: suspendedField("instance"),
  logStream: logStreamField("instance"),
  previewPlan: {
    description: "Plan in preview environments. No API has it: read, and left to Blueprints.",
    schema: { type: "string", enum: keyValuePlans },
    loose: { retired: [] },
    facet: "settings",
    onChange: "none",
    noApi: "previews of Key Value have no API",
  },
} as const satisfies FieldTable;

/** Checks of a Key Value instance that its schema cannot make. */
export const keyValueRules: readonly Rule[] = [
  ({ spec, name }) => checkLogStream(spec["logStream"], "logStream", name),
];
