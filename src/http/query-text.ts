import type { Query } from "../core/kind/reader.ts";

/** The query as it stands in a URL: `?name=api&limit=100`, or empty. An array becomes values with commas between, as Render documents. */
export function queryText(query: Query): string {
  const pairs = Object.entries(query).map(([name, value]) => {
    const values = typeof value === "string" ? [value] : value;
    return `${name}=${values.map((item) => encodeURIComponent(item)).join(",")}`;
  });
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}
