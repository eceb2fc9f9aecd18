import type { Fault } from "../../../core/model/field.ts";
import { isObject, type Json } from "../../../core/base/json.ts";

/** Checks a resource's log stream: with `send` it needs an endpoint, and with `drop` it may have none (Render's description). */
export function checkLogStream(stream: Json | undefined, field: string, name: string): readonly Fault[] {
  if (!isObject(stream)) return [];
  const drops = stream["setting"] === "drop";
  if (!drops && stream["endpoint"] === undefined) {
    return [
      {
        code: "missing-key",
        severity: "error",
        field,
        message: `\`${field}\` of ${name} lacks \`endpoint\`.`,
        remedy: "Add where the logs go, or `setting: drop`.",
      },
    ];
  }
  if (!drops || (stream["endpoint"] === undefined && stream["token"] === undefined)) return [];
  return [
    {
      code: "unused-key",
      severity: "error",
      field,
      message: `\`${field}\` of ${name} drops its logs, so it has no \`endpoint\` and no \`token\`.`,
      remedy: "Remove them, or use `setting: send`.",
    },
  ];
}
