import type { Address } from "../../core/base/address.ts";

/** The newest deploy or job that was there before this run asked for its own; `null` when there was none. */
export type Newest = { readonly after: string | null };

/**
 * What has no name to look it up by, so that only "the one after those that were there" tells which one this run began:
 * deploys, jobs and exports. What was there is noted right before the call that begins one. Example:
 *
 *     noteBefore("deploy", api, "dep-4")     the call is sent, and its answer is lost
 *     the list shows dep-4                   still the one before: wait
 *     the list shows dep-5                   begun; from now on any deploy of the list is new enough (`noteShown`)
 */
export class Begun {
  readonly #firstDeploys = new Map<Address, string>();
  readonly #before = { deploy: new Map<Address, string | null>(), job: new Map<Address, string | null>() };
  readonly #exports = new Map<string, ReadonlySet<string>>();

  /** Render deploys a service when it is made: the id of that deploy. */
  noteFirstDeploy(service: Address, id: string): void {
    this.#firstDeploys.set(service, id);
  }

  /** Id of that deploy; `undefined`: none is known. */
  firstDeploy(service: Address): string | undefined {
    return this.#firstDeploys.get(service);
  }

  /** `id`: of the newest one of the service; absent: it has none. */
  noteBefore(what: "deploy" | "job", service: Address, id: string | undefined): Newest {
    const after = id ?? null;
    this.#before[what].set(service, after);
    return { after };
  }

  /** The newest one before this run's own. `undefined`: this run has begun none, or its own has shown already. */
  before(what: "deploy" | "job", service: Address): string | null | undefined {
    return this.#before[what].get(service);
  }

  /** A list has shown the one that this run began. */
  noteShown(what: "deploy" | "job", service: Address): void {
    this.#before[what].delete(service);
  }

  /** `database`: the id of the database; `ids`: of all exports that it has. */
  noteExports(database: string, ids: Iterable<string>): void {
    this.#exports.set(database, new Set(ids));
  }

  /** Whether an export was begun by this run. Each run makes its own, since an older one lacks the newest data. */
  isOwnExport(database: string, id: string): boolean {
    const before = this.#exports.get(database);
    if (!before) throw new Error(`${database}: its exports were not noted before one was begun`);
    return !before.has(id);
  }
}
