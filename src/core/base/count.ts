/** A number with its noun: `count(1, "resource")` is `1 resource`, `count(2, "address", "addresses")` is `2 addresses`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
