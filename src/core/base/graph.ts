import { byText } from "./address.ts";

/** A graph: each node with the nodes that it needs. What is named as a need and is no node itself is ignored. */
export type Needs = ReadonlyMap<string, readonly string[]>;

/**
 * Groups of nodes that need each other in a circle, a node that needs itself included. Tarjan's algorithm, with its own
 * stack, so that ten thousand nodes in a row do not exhaust the call stack.
 */
export function findCircles(needs: Needs): readonly (readonly string[])[] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const onStack = new Set<string>();
  const stack: string[] = [];
  const circles: string[][] = [];
  const enter = (node: string): { node: string; targets: readonly string[]; next: number } => ({
    node,
    targets: (needs.get(node) ?? []).filter((target) => needs.has(target)),
    next: 0,
  });
  for (const root of needs.keys()) {
    if (index.has(root)) continue;
    const work = [enter(root)];
    while (work.length > 0) {
      const frame = work[work.length - 1]!;
      const { node, targets } = frame;
      if (frame.next === 0) {
        index.set(node, index.size);
        low.set(node, index.get(node)!);
        stack.push(node);
        onStack.add(node);
      }
      if (frame.next < targets.length) {
        const target = targets[frame.next]!;
        frame.next += 1;
        if (!index.has(target)) work.push(enter(target));
        else if (onStack.has(target)) low.set(node, Math.min(low.get(node)!, index.get(target)!));
        continue;
      }
      work.pop();
      const above = work[work.length - 1];
      if (above) low.set(above.node, Math.min(low.get(above.node)!, low.get(node)!));
      if (low.get(node) === index.get(node)) {
        const circle = popCircle(stack, onStack, node);
        if (circle.length > 1 || targets.includes(node)) circles.push(circle.sort(byText));
      }
    }
  }
  return circles;
}

function popCircle(stack: string[], onStack: Set<string>, root: string): string[] {
  const circle: string[] = [];
  for (;;) {
    const node = stack.pop()!;
    onStack.delete(node);
    circle.push(node);
    if (node === root) return circle;
  }
}

/**
 * Sorts nodes so that each comes after those it needs. Nodes that become free at the same time are sorted by their text, so
 * that equal inputs give equal orders. `circular`: the nodes that cannot be sorted, since they lie on a circle or need
 * something that does.
 */
export function sortByNeeds(needs: Needs): {
  readonly order: readonly string[];
  readonly circular: readonly string[];
} {
  const waiting = new Map<string, number>();
  const dependants = new Map<string, string[]>();
  for (const [node, targets] of needs) {
    const known = new Set(targets.filter((target) => needs.has(target)));
    waiting.set(node, known.size);
    for (const target of known) dependants.set(target, [...(dependants.get(target) ?? []), node]);
  }
  const order: string[] = [];
  let ready = [...waiting].filter(([, count]) => count === 0).map(([node]) => node);
  while (ready.length > 0) {
    ready.sort(byText);
    order.push(...ready);
    const next: string[] = [];
    for (const node of ready) {
      for (const dependant of dependants.get(node) ?? []) {
        const left = waiting.get(dependant)! - 1;
        waiting.set(dependant, left);
        if (left === 0) next.push(dependant);
      }
    }
    ready = next;
  }
  const done = new Set(order);
  return { order, circular: [...needs.keys()].filter((node) => !done.has(node)).sort(byText) };
}

/**
 * One way round a circle, for people: `["a", "b", "a"]`. `circular` is what `sortByNeeds` gave back: each of these nodes
 * lies on a circle or needs one that does, so a walk along the needs comes round in the end.
 */
export function spellCircle(needs: Needs, circular: readonly string[]): readonly string[] {
  const inside = new Set(circular);
  const path: string[] = [];
  let node = circular[0];
  while (node !== undefined && !path.includes(node)) {
    path.push(node);
    node = needs.get(node)?.find((target) => inside.has(target));
  }
  return node === undefined ? path : [...path.slice(path.indexOf(node)), node];
}
