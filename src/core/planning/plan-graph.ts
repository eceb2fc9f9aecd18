import { byText, type Address } from "../base/address.ts";
import type { Action } from "../model/change.ts";
import type { Desired } from "../model/desired.ts";
import type { Inventory } from "../model/inventory.ts";
import type { Plan } from "../model/plan.ts";

/** What a node is: a change of that action, a resource that is referred to and has no change (`outside`), or a `step`. */
export type NodeMark = Action | "outside" | "step";

/** A node of a graph; `label` is its text. */
export type GraphNode = { readonly id: string; readonly label: string; readonly mark: NodeMark };
/** `from` needs `to`. */
type GraphEdge = { readonly from: string; readonly to: string };
/** A graph for people. Nodes and edges are sorted, and each end of an edge is among the nodes. */
export type PlanGraph = { readonly nodes: readonly GraphNode[]; readonly edges: readonly GraphEdge[] };

/** The graph of resources and what they need: declared ones by the file, dropped ones by what they referred to when applied. */
export function graphResources(plan: Plan, desired: readonly Desired[], inventory: Inventory): PlanGraph {
  const declared = new Map(desired.map((one) => [one.address, one]));
  const needsOf = (address: Address): readonly Address[] =>
    (declared.get(address) ?? inventory.resources[address])?.needs ?? [];
  const changes = new Map(plan.changes.map((change) => [change.address, change]));
  const edges = plan.changes.flatMap(({ address }) => needsOf(address).map((to) => ({ from: address, to })));
  const outside = edges.map(({ to }) => to).filter((to) => !changes.has(to));
  const nodes = [
    ...plan.changes.map(({ address, action }): GraphNode => ({ id: address, label: address, mark: action })),
    ...[...new Set(outside)].map((address): GraphNode => ({ id: address, label: address, mark: "outside" })),
  ];
  return sorted(nodes, edges);
}

/** The graph of steps, each write, wait and note in the inventory being a node: what has to be done before what. */
export function graphSteps(plan: Plan): PlanGraph {
  const nodes = plan.steps.map(({ id }): GraphNode => ({ id, label: id, mark: "step" }));
  const known = new Set(plan.steps.map(({ id }) => id));
  return sorted(
    nodes,
    plan.steps.flatMap(({ id, needs }) =>
      needs.filter((need) => known.has(need)).map((to) => ({ from: id, to })),
    ),
  );
}

/** The graph of the resources that are worked on, by the order of their steps: what a run shows, which has no file at hand. */
export function graphOrder({ changes, steps }: Pick<Plan, "changes" | "steps">): PlanGraph {
  const addressOf = new Map(steps.map(({ id, address }) => [id, address]));
  const marks = new Map(changes.map(({ address, action }) => [address, action]));
  const nodes = [...new Set(addressOf.values())].map((address): GraphNode => ({
    id: address,
    label: address,
    mark: marks.get(address) ?? "outside",
  }));
  const edges = steps.flatMap(({ address, needs }) =>
    needs.flatMap((need) => {
      const to = addressOf.get(need);
      return to === undefined || to === address ? [] : [{ from: address, to }];
    }),
  );
  return sorted(nodes, edges);
}

/** The part of a graph that is about some of its nodes: these, and what they are joined to. */
export function graphAround({ nodes, edges }: PlanGraph, ids: ReadonlySet<string>): PlanGraph {
  const joined = edges.filter(({ from, to }) => ids.has(from) || ids.has(to));
  const shown = new Set([...ids, ...joined.flatMap(({ from, to }) => [from, to])]);
  return { nodes: nodes.filter(({ id }) => shown.has(id)), edges: joined };
}

function sorted(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): PlanGraph {
  const unique = new Map(edges.map((edge) => [JSON.stringify([edge.from, edge.to]), edge]));
  return {
    nodes: [...nodes].sort((a, b) => byText(a.id, b.id)),
    edges: [...unique.values()].sort((a, b) => byText(a.from, b.from) || byText(a.to, b.to)),
  };
}
