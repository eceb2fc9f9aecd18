import type { DrawnGraph } from "../../../src/views/picture/group-graph.ts";

const marks = ["keep", "keep", "update", "create", "delete", "replace", "drift"] as const;

/**
 * A company's account of so many resources: groups that forty services use, databases of a few, services that know each other. Names
 * are of all lengths.
 */
export function fleetGraph(size: number): DrawnGraph {
  const shared = Math.ceil(size / 40);
  const databases = Math.ceil(size / 8);
  const nodes = Array.from({ length: size }, (_, index) => {
    const kind = index < shared ? "env-group" : index < shared + databases ? "postgres" : "service";
    const id = `render/${kind}/${"resource-of-the-company".slice(0, 3 + (index % 20))}-${index}`;
    return { id, label: id, mark: marks[(index * 7) % marks.length]! };
  });
  const edges = nodes
    .slice(shared + databases)
    .flatMap(({ id }, index) => [
      { from: id, to: nodes[index % shared]!.id },
      ...(index % 3 === 0 ? [{ from: id, to: nodes[shared + (index % databases)]!.id }] : []),
      ...(index % 11 === 5 ? [{ from: id, to: nodes[shared + databases + index - 1]!.id }] : []),
    ]);
  return { nodes, edges };
}
