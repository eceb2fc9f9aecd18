import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findCircles, sortByNeeds, spellCircle, type Needs } from "../../../src/core/base/graph.ts";

const names = ["a", "b", "c", "d", "e", "f", "g", "h"];
/** Any graph of up to eight nodes; some needs name nodes that are not there. */
const graph: fc.Arbitrary<Needs> = fc
  .uniqueArray(fc.constantFrom(...names))
  .chain((nodes) =>
    fc
      .tuple(...nodes.map(() => fc.array(fc.constantFrom(...names, "elsewhere"), { maxLength: 4 })))
      .map((needs) => new Map(nodes.map((node, index) => [node, needs[index] ?? []]))),
  );

/** Everything that a node needs, directly or not, found the slow way. */
function reachableFrom(needs: Needs, node: string): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [...(needs.get(node) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (reached.has(next) || !needs.has(next)) continue;
    reached.add(next);
    open.push(...(needs.get(next) ?? []));
  }
  return reached;
}

describe("findCircles", () => {
  test("groups exactly the nodes that need each other or themselves", () => {
    fc.assert(
      fc.property(graph, (needs) => {
        const circles = findCircles(needs);
        const expected = [...needs.keys()].filter((node) => reachableFrom(needs, node).has(node));
        expect(circles.flat().sort()).toEqual(expected.sort());
        for (const circle of circles) {
          for (const one of circle) {
            for (const other of circle) expect(reachableFrom(needs, one)).toContain(other);
          }
        }
      }),
    );
  });

  test("takes ten thousand nodes in a row", () => {
    const count = 10_000;
    const needs = new Map(
      Array.from({ length: count }, (_, index) => [`n${index}`, [`n${(index + 1) % count}`]]),
    );
    expect(findCircles(needs)).toHaveLength(1);
  });
});

describe("sortByNeeds", () => {
  test("puts needs first, and leaves out exactly what lies on or behind a circle", () => {
    fc.assert(
      fc.property(graph, (needs) => {
        const { order, circular } = sortByNeeds(needs);
        expect([...order, ...circular].sort()).toEqual([...needs.keys()].sort());
        for (const node of order) {
          for (const need of needs.get(node) ?? []) {
            if (needs.has(need)) expect(order.indexOf(need)).toBeLessThan(order.indexOf(node));
          }
        }
        const stuck = [...needs.keys()].filter((node) =>
          [node, ...reachableFrom(needs, node)].some((one) => reachableFrom(needs, one).has(one)),
        );
        expect(circular).toEqual(stuck.sort());
      }),
    );
  });

  test("gives the same order whatever order the nodes came in", () => {
    fc.assert(
      fc.property(graph, fc.infiniteStream(fc.nat()), (needs, numbers) => {
        const draw = (): number => Number(numbers.next().value);
        const shuffled = [...needs]
          .map((entry) => ({ entry, at: draw() }))
          .sort((a, b) => a.at - b.at)
          .map(({ entry }) => entry);
        expect(sortByNeeds(new Map(shuffled))).toEqual(sortByNeeds(needs));
      }),
    );
  });
});

test("spellCircle goes one way round a circle", () => {
  fc.assert(
    fc.property(graph, (needs) => {
      const { circular } = sortByNeeds(needs);
      fc.pre(circular.length > 0);
      const path = spellCircle(needs, circular);
      expect(path.length).toBeGreaterThan(1);
      expect(path[0]).toBe(path.at(-1));
      for (const [index, node] of path.slice(0, -1).entries())
        expect(needs.get(node)).toContain(path[index + 1]);
    }),
  );
});
