import type { FieldTable, Shape } from "../../../core/model/field.ts";

/** An entry of a service's `domains`. It is only a name, so all that is known of it is that name and its service. */
export const customDomainShapes: readonly Shape[] = [
  {
    name: "custom-domain",
    description: "custom domain",
    list: "domains",
    inside: "render/service",
    insideShapes: ["web", "static"],
    named: "itself",
  },
];

/** The fields of a domain. */
export const customDomainFields = {
  service: {
    description: "Service that the domain leads to. A move is a delete and a create.",
    schema: { type: "string" },
    facet: "settings",
    onChange: "replace",
    derived: true,
  },
} as const satisfies FieldTable;
