import { operations } from "../../../simulator/render/operation.ts";
import { rendercadApi } from "../../../simulator/rendercad/api.ts";

type Covered = {
  readonly api: "render" | "rendercad";
  readonly method: string;
  readonly path: string;
  readonly source: string;
};

/** Every operation of both APIs with what it is known from. RENDERCAD's is its reference: nothing of it was recorded. */
export function listCoverage(): readonly Covered[] {
  const render = operations.map((operation) => ({ api: "render" as const, ...operation }));
  const rendercad = rendercadApi.routes.map(({ method, path }) => ({
    api: "rendercad" as const,
    method,
    path: path.replace(/\.php\/(\w+)$/, ".php?action=$1"),
    source: "documented",
  }));
  return [...render, ...rendercad];
}

/** One line for each operation, and how many there are of each source. */
export function describeCoverage(): string {
  const covered = listCoverage();
  const lines = covered.map(
    ({ api, method, path, source }) =>
      `${source.padEnd(10)} ${method.padEnd(6)} ${api === "rendercad" ? "/backend" : "/v1"}${path}`,
  );
  const count = (source: string): string =>
    `${covered.filter((operation) => operation.source === source).length} ${source}`;
  return `${lines.join("\n")}\n\n${["recorded", "described", "documented", "absent"].map(count).join(", ")}`;
}
