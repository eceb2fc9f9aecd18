import { isObject } from "../core/base/json.ts";

/**
 * The hidden first line of a comment: whose it is, and what it shows. It is how a comment is found again, and nothing more: many
 * people may edit a comment, so no plan is applied because one says so.
 *
 *     <!-- trueup {"shows":"plan","label":"default","hash":"9c41...","commit":"3f2a..."} -->
 */
export type Marker = {
  readonly shows: "plan" | "rollup";
  /** Absent of a rollup, which is of all labels. */
  readonly label?: string;
  readonly hash?: string;
  /** The head of the pull request that it was made for. */
  readonly commit?: string;
  /** The text was too long and was cut. */
  readonly truncated?: true;
  /** A newer comment has taken its place. */
  readonly closed?: true;
};

const pattern = /^<!-- trueup (\{.*\}) -->(?:\r?\n|$)/u;

/** A label may hold anything: what could end the HTML comment is spelled out. */
export function writeMarker(marker: Marker): string {
  const json = JSON.stringify(marker).replace(/[-<>]/gu, (one) => `\\u00${one.charCodeAt(0).toString(16)}`);
  return `<!-- trueup ${json} -->`;
}

/** The marker that a body begins with; anywhere else it is quoted text. */
export function readMarker(body: string): Marker | undefined {
  const json = pattern.exec(body)?.[1];
  if (json === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(json);
    const isOurs = isObject(value) && (value["shows"] === "plan" || value["shows"] === "rollup");
    return isOurs ? (value as unknown as Marker) : undefined;
  } catch {
    return undefined;
  }
}
