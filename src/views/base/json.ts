/** A value as JSON with sorted keys, indented by two spaces, with a newline at its end. */
export function printJson(value: unknown): string {
  return `${escapeHidden(JSON.stringify(sortKeys(JSON.parse(JSON.stringify(value))), null, 2))}\n`;
}

/** A value as JSON on one line, for NDJSON. */
export function printJsonLine(value: unknown): string {
  return `${escapeHidden(JSON.stringify(sortKeys(JSON.parse(JSON.stringify(value)))))}\n`;
}

function sortKeys(value: unknown): unknown {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item) => sortKeys(item));
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sortKeys(member)]),
  );
}

/**
 * Characters that JSON leaves as they are and that steer a terminal or cannot be seen: DEL, C1 controls, bidi,
 * zero-width. They are escaped, because a terminal may show the document.
 */
const hidden = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

function escapeHidden(json: string): string {
  return json.replace(hidden, (character) =>
    Array.from(
      { length: character.length },
      (_, unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, "0")}`,
    ).join(""),
  );
}
