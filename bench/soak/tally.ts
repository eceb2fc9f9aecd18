/** Counts what was exercised, by group and kind. */
export class Tally {
  readonly #counts = new Map<string, Map<string, number>>();

  count(group: string, kind: string): void {
    const kinds = this.#counts.get(group) ?? new Map<string, number>();
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    this.#counts.set(group, kinds);
  }

  sum(group: string): number {
    return [...(this.#counts.get(group)?.values() ?? [])].reduce((all, count) => all + count, 0);
  }

  /** Groups as they were first counted, kinds by name. */
  all(): { readonly [group: string]: { readonly [kind: string]: number } } {
    const groups = [...this.#counts].map(([group, kinds]) => [
      group,
      Object.fromEntries([...kinds].sort(([one], [other]) => (one < other ? -1 : 1))),
    ]);
    return Object.fromEntries(groups) as { [group: string]: { [kind: string]: number } };
  }

  print(): string {
    return Object.entries(this.all())
      .flatMap(([group, kinds]) => [
        group,
        ...Object.entries(kinds).map(([kind, count]) => `  ${String(count).padStart(6)}  ${kind}`),
      ])
      .join("\n");
  }
}
