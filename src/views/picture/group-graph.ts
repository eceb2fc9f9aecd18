import { byText, parseAddress } from "../../core/base/address.ts";
import { groupBy } from "../../core/base/group.ts";
import { byNature } from "../base/natural.ts";
import type { Mark } from "./looks.ts";

/** A graph as it is drawn: `from` needs `to`. */
type DrawnNode = { readonly id: string; readonly label: string; readonly mark: Mark };
export type DrawnGraph = {
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
};

/** Nodes that stand in one box. `kind`: as `render/service`, or `create render/service` of steps; empty of other labels. */
export type Box = {
  readonly id: string;
  readonly kind: string;
  readonly mark: Mark;
  /** Names within the kind, sorted. */
  readonly names: readonly string[];
  /** Names of hubs that come before it, whose arrows are not drawn. */
  readonly after: readonly string[];
  /** Of a hub: how many resources come after it. */
  readonly before?: number;
};

/** An arrow, in the direction of time: `first` comes before `next`. */
export type Arrow = { readonly first: string; readonly next: string };

/** Boxes that are joined by arrows. `isCoarse`: an arrow only says that some of one box come before some of the other. */
export type Component = {
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
  readonly isCoarse: boolean;
};

/** In a component of more boxes, one that comes before as many as `hub` others is a hub: it is named in them, in place of an arrow. */
const mostTangled = 24;
const hub = 5;
/** The most boxes of one component that are laid out. Of more, all of one kind that are equally deep are put together. */
const mostBoxes = 220;

type Linked = {
  readonly nodes: readonly DrawnNode[];
  /** By node, what it needs, and what needs it; sorted. */
  readonly needs: ReadonlyMap<string, readonly string[]>;
  readonly users: ReadonlyMap<string, readonly string[]>;
};

/** Puts what is alike into boxes. An edge from a node to itself says nothing of an order, and is left out. */
export function groupGraph(graph: DrawnGraph): readonly Component[] {
  const linked = link(graph);
  const alike = groupBy(linked.nodes, (node) =>
    JSON.stringify([
      kindOfLabel(node.label),
      node.mark,
      linked.needs.get(node.id),
      linked.users.get(node.id),
    ]),
  );
  const boxed = joinBoxes([...alike.values()], linked, false);
  return split(boxed)
    .flatMap((one) => (one.boxes.length > mostTangled ? split(nameHubs(one)) : [one]))
    .map((one) => (one.boxes.length > mostBoxes ? coarsen(one, linked, alike) : one))
    .sort((a, b) => Number(hasHub(b)) - Number(hasHub(a)));
}

function link({ nodes, edges }: DrawnGraph): Linked {
  const known = new Set(nodes.map(({ id }) => id));
  const used = edges.filter(({ from, to }) => from !== to && known.has(from) && known.has(to));
  const sortedEnds = (ends: Map<string, string[]>) =>
    new Map([...ends].map(([id, others]) => [id, [...new Set(others)].sort(byText)] as const));
  return {
    nodes,
    needs: sortedEnds(
      new Map([...groupBy(used, ({ from }) => from)].map(([id, all]) => [id, all.map(({ to }) => to)])),
    ),
    users: sortedEnds(
      new Map([...groupBy(used, ({ to }) => to)].map(([id, all]) => [id, all.map(({ from }) => from)])),
    ),
  };
}

function joinBoxes(
  groups: readonly (readonly DrawnNode[])[],
  { needs }: Pick<Linked, "needs">,
  isCoarse: boolean,
): Component {
  const boxOf = new Map(groups.flatMap((group) => group.map((node) => [node.id, group[0]!] as const)));
  const arrows = groups.flatMap((group) =>
    group.flatMap((node) =>
      (needs.get(node.id) ?? []).flatMap((need): readonly Arrow[] => {
        const [here, there] = [boxOf.get(node.id), boxOf.get(need)];
        if (!here || !there || here === there) return [];
        // What is taken away goes before what it needs; everything else comes after.
        return goes(here.mark) ? [{ first: here.id, next: there.id }] : [{ first: there.id, next: here.id }];
      }),
    ),
  );
  const unique = new Map(arrows.map((arrow) => [JSON.stringify(arrow), arrow]));
  const boxes = groups.flatMap((group): readonly Box[] => {
    const [first] = group;
    if (!first) return [];
    const names = group.map(({ label }) => nameOfLabel(label)).sort(byNature);
    return [{ id: first.id, kind: kindOfLabel(first.label), mark: first.mark, names, after: [] }];
  });
  return { boxes, arrows: [...unique.values()], isCoarse };
}

function goes(mark: Mark): boolean {
  return mark === "delete" || mark === "forget";
}

function hasHub({ boxes }: Component): boolean {
  return boxes.some(({ before }) => before !== undefined);
}

/** Takes away the arrows of hubs, which would lie over all others: each box says after which hubs it comes. */
function nameHubs({ boxes, arrows, isCoarse }: Component): Component {
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const followers = groupBy(arrows, ({ first }) => first);
  const isHub = (id: string): boolean => (followers.get(id)?.length ?? 0) >= hub;
  const leaders = groupBy(
    arrows.filter(({ first }) => isHub(first)),
    ({ next }) => next,
  );
  const named = boxes.map((box): Box => {
    const after = (leaders.get(box.id) ?? []).flatMap(({ first }) => byId.get(first)?.names ?? []);
    if (!isHub(box.id)) return { ...box, after: after.sort(byNature) };
    const before = followers.get(box.id)!.reduce((sum, { next }) => sum + byId.get(next)!.names.length, 0);
    return { ...box, after: after.sort(byNature), before };
  });
  return { boxes: named, arrows: arrows.filter(({ first }) => !isHub(first)), isCoarse };
}

/** The components of a graph of boxes, the largest first. Boxes without an arrow are a component each. */
function split({ boxes, arrows }: Component): readonly Component[] {
  const leader = new Map(boxes.map(({ id }) => [id, id]));
  const find = (id: string): string => {
    let at = id;
    while (leader.get(at) !== at) {
      leader.set(at, leader.get(leader.get(at)!)!);
      at = leader.get(at)!;
    }
    return at;
  };
  for (const { first, next } of arrows) leader.set(find(first), find(next));
  const arrowsOf = groupBy(arrows, ({ first }) => find(first));
  return [...groupBy(boxes, ({ id }) => find(id))]
    .map(([id, all]) => ({ boxes: all, arrows: arrowsOf.get(id) ?? [], isCoarse: false }))
    .sort((a, b) => b.boxes.length - a.boxes.length || b.arrows.length - a.arrows.length);
}

/** Boxes of one kind and mark that are equally deep become one; of a circle, all nodes are of one depth. */
function coarsen(
  { boxes }: Component,
  linked: Linked,
  alike: ReadonlyMap<string, readonly DrawnNode[]>,
): Component {
  const inside = new Set(boxes.map(({ id }) => id));
  const nodes = [...alike.values()].filter(([first]) => first && inside.has(first.id)).flat();
  const depth = depths(nodes, linked.needs);
  const groups = groupBy(nodes, ({ id, label, mark }) =>
    JSON.stringify([kindOfLabel(label), mark, depth.get(id)]),
  );
  return joinBoxes([...groups.values()], linked, true);
}

/** By node, the length of the longest way to one without needs. What closes a circle does not count. */
function depths(
  nodes: readonly DrawnNode[],
  needs: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, number> {
  const depth = new Map<string, number>();
  const open = new Set<string>();
  for (const { id: root } of nodes) {
    const work = [root];
    while (work.length > 0) {
      const id = work.at(-1)!;
      const targets = needs.get(id) ?? [];
      const waiting = open.has(id) ? [] : targets.filter((to) => !depth.has(to) && !open.has(to));
      open.add(id);
      if (waiting.length > 0) work.push(...waiting);
      else {
        work.pop();
        open.delete(id);
        if (!depth.has(id)) depth.set(id, 1 + Math.max(-1, ...targets.map((to) => depth.get(to) ?? -1)));
      }
    }
  }
  return depth;
}

/** Of a label that is an address, or one behind a verb (`create render/service/api envVars.PORT`), its parts. */
function parseLabel(label: string): { readonly kind: string; readonly name: string } {
  const [word = "", ...others] = label.split(" ");
  const plain = parseAddress(word);
  if (plain) return { kind: plain.kind, name: [plain.name, ...others].join(" ") };
  const [address = "", ...rest] = others;
  const parsed = parseAddress(address);
  return parsed
    ? { kind: `${word} ${parsed.kind}`, name: [parsed.name, ...rest].join(" ") }
    : { kind: "", name: label };
}

function kindOfLabel(label: string): string {
  return parseLabel(label).kind;
}

function nameOfLabel(label: string): string {
  return parseLabel(label).name;
}
