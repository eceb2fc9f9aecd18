import { readFileSync } from "node:fs";

/** One stage of the map in CONTRIBUTING. */
export type MappedStage = {
  /** `src/shells/cli` */
  readonly path: string;
  /** What it may import besides itself, as names of stages: `core`, `world`. */
  readonly imports: readonly string[];
  /** In the order in which they may know each other; none where the stage has no rooms. */
  readonly rooms: readonly string[];
};

/**
 * The map of the house as CONTRIBUTING draws it, a stage or a room a line:
 *
 *     src/store         where the state lies [core, world]
 *       base            the contract of a backend
 */
export function readMap(): readonly MappedStage[] {
  const stages: { path: string; imports: readonly string[]; rooms: string[] }[] = [];
  for (const line of readFileSync("CONTRIBUTING.md", "utf8").split("\n")) {
    const [, path, imports] = /^(src\/\S+) +\S.* \[(.*)\]$/.exec(line) ?? [];
    if (path !== undefined)
      stages.push({ path, imports: (imports ?? "").split(", ").filter(Boolean), rooms: [] });
    const [, room] = /^ {2}(\S+) {2,}\S/.exec(line) ?? [];
    if (room !== undefined) stages.at(-1)?.rooms.push(room);
  }
  return stages;
}
