/**
 * Puts items into groups by a key: `groupBy(steps, (step) => step.address)`. Groups, and the items of each, stand in the
 * order in which they came. (Node has `Map.groupBy` from version 21 on.)
 */
export function groupBy<T, K>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
