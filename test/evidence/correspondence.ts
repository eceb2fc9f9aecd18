/**
 * Which part of our answers stands for which part of the recorded ones. Ids, times, passwords and cursors cannot be equal;
 * but the same one must stand for the same one every time, and two for two. So an `updatedAt` that we bump and Render does
 * not, or the other way round, is a difference although no two times are ever compared.
 */
export class Correspondence {
  readonly #ours = new Map<string, string>();
  readonly #recorded = new Map<string, string>();

  /** False when either side already stands for something else within the scope. */
  pair(scope: string, recorded: string, ours: string): boolean {
    const known = this.#ours.get(`${scope}\n${recorded}`);
    const taken = this.#recorded.get(`${scope}\n${ours}`);
    if (known !== undefined || taken !== undefined) return known === ours && taken === recorded;
    this.#ours.set(`${scope}\n${recorded}`, ours);
    this.#recorded.set(`${scope}\n${ours}`, recorded);
    return true;
  }

  oursFor(scope: string, recorded: string): string | undefined {
    return this.#ours.get(`${scope}\n${recorded}`);
  }

  /** The names that Render finished with a suffix of its own, in a recorded text, by ours. */
  translateNames(text: string): string {
    let translated = text;
    for (const [recorded, ours] of this.#ours) {
      const [scope, name = ""] = recorded.split("\n");
      if (scope === "database name") translated = translated.replaceAll(name, ours);
    }
    return translated;
  }

  /** A recorded path or body as we must send it: every id by ours, the recorded workspaces by `owner`. */
  translate(text: string, owner: string): string {
    return text
      .replaceAll(recordedOwner, owner)
      .replaceAll(idPattern, (id: string, prefix: string, xid: string, role: string | undefined) => {
        const known = this.oursFor("id", xid);
        return known === undefined ? id : `${prefix}-${known}${role ?? ""}`;
      });
  }
}

/** The recorder wrote the first in place of most workspace ids; one workspace kept its own. */
export const recordedOwner = /\bsome-owner-id\b|\btea-[0-9a-v]{20}\b/g;

/** Prefix, xid, and the role suffix of a Postgres instance. Replicas share the xid of their primary (recorded). */
export const idPattern = /\b([a-z]{3})-([0-9a-v]{19}[0g])(-[a-z])?(?![0-9a-z])/g;
