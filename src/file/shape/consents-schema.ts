import type { JsonSchema } from "../../core/model/field.ts";

const address: JsonSchema = {
  type: "string",
  minLength: 1,
  examples: ["render/postgres/main"],
  description: "Address, as plans show it.",
};

/** The schemas of the root keys `moved` and `removed`. */
export const consentKeys: { readonly [key: string]: JsonSchema } = {
  moved: {
    type: "array",
    description: "Addresses that were renamed: their objects are renamed in place, not made anew.",
    items: {
      type: "object",
      properties: { from: address, to: address },
      required: ["from", "to"],
      additionalProperties: false,
    },
  },
  removed: {
    type: "array",
    description: "Resources whose end is agreed to, with what becomes of their data.",
    items: {
      type: "object",
      properties: {
        address,
        data: {
          type: "string",
          enum: ["lost", "exported"],
          description: "lost: it goes without a copy; exported: only with one.",
        },
        until: { type: "string", format: "date", description: "Last day (YYYY-MM-DD) of the agreement." },
      },
      required: ["address", "data", "until"],
      additionalProperties: false,
    },
  },
};
