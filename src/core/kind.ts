import type { Address, KindName } from "./address.ts";
import type { BudgetName, Millis } from "./budget.ts";
import type { Body } from "./body.ts";
import type { Desired, Spec } from "./desired.ts";
import type { FieldTable, Rule, Shape } from "./field.ts";
import type { Inventory } from "./inventory.ts";
import type { Found, Live } from "./live.ts";
import type { Problem } from "./problem.ts";
import type { Secret } from "./secret.ts";
import type { ResourceChange } from "./change.ts";

/** The part of a kind that the file stage needs. `managed: false`: understood, and reported as not managed yet. */
export type FileKind = {
  readonly name: KindName;
  /** For people: "service", "env group". */
  readonly noun: string;
  readonly managed: boolean;
  /** One name may stand in several environments; its address then says which (product page, section 7). */
  readonly perEnvironment?: true;
  readonly rules?: readonly Rule[];
  /** Most objects an account can have, where the API says so. */
  readonly most?: number;
  /** Variables that Render itself sets and that follow from the live object: `envVarKey` may name them. */
  readonly ownVariables?: readonly string[];
  readonly shapes: readonly Shape[];
  readonly fields: FieldTable;
};

/** Query parameters; an array is comma-joined, as Render documents. */
export type Query = { readonly [name: string]: string | readonly string[] };

/**
 * All that planning, drift and export may do with an API. There is no method that writes, and the object behind it has
 * none either. Every method answers completely or throws a `ProblemError`.
 */
export interface Reader {
  /** The parsed body; a 404 is `undefined`, every other failure throws. */
  get(path: string, query?: Query): Promise<unknown>;
  /** Every item of a list, `envelope` taken off, all pages. */
  list(path: string, query: Query, envelope: string | null): Promise<readonly unknown[]>;
}

/** One HTTP write as data: what the journal records, what the plan hash covers, what a budget is spent on. */
export type Write = {
  readonly method: "POST" | "PUT" | "PATCH" | "DELETE";
  /** `/services/{render/service/api}/env-vars/PORT`: an address in braces stands for the id it has when the call is sent. */
  readonly path: string;
  readonly body?: Body;
  readonly budgets: readonly BudgetName[];
};

/** One write of a kind, before the planner gives it its place. `fields` are the field keys it makes equal to the file. */
export type WriteDraft = {
  /** What of the resource: `resource` for the object itself, else a facet or an entry, as `envVars.PORT`. Unique within the resource's change. */
  readonly part: string;
  readonly write: Write;
  readonly fields: readonly string[];
  /** Takes effect with the next deploy only: the plan adds one after the last such write. */
  readonly deploys: boolean;
};

/**
 * Where the work happens. `repository` is what a git service without `repo` is created from: root `repository`, `--repo`,
 * or the checkout's origin.
 */
export type Scope = { readonly ownerId: string; readonly repository?: string };

/** What a create call answered. `carried`: ids of what the same call made, by the address it was carried for. */
export type Created = {
  readonly id: string;
  readonly deployId?: string;
  readonly carried?: { readonly [address: Address]: string };
};

/**
 * What a listing may be narrowed to: lists that stand inside other objects are read for those alone that matter.
 * `everything`: for all of them, whatever is declared or owned, as an export needs it.
 */
export type Wanted = {
  readonly resources: readonly Desired[];
  readonly inventory: Inventory;
  readonly everything?: true;
};

/** The address of a live object, by its id. */
export type AddressOf = (id: string) => Address | undefined;

/** Everything that the file declares, by address, in file order. */
export type Declarations = ReadonlyMap<Address, Desired>;

/** Something to wait for, polled until it answers `ready`. */
export type Readiness = {
  /** In the sentence "it is not ...": `available`, `live`. */
  readonly until: string;
  readonly timeout: Millis;
  /** How long it usually takes (recorded); for the schedule. */
  readonly typical: Millis;
  check(reader: Reader, id: string): Promise<"ready" | "waiting" | { readonly failed: string }>;
};

/**
 * One kind of resource: how it stands in the file, how it is read, how it is written. Everything that writes is pure and
 * answers with data; only the executor sends. A kind is registered in its provider's list and nowhere else.
 */
export interface Kind extends FileKind {
  /** Budget of GETs: every read costs one call of it. */
  readonly provider: "render" | "rendercad";

  /** Every live object of the workspace (or of what is wanted), fields of list facets filled, all pages. */
  list(reader: Reader, scope: Scope, wanted: Wanted): Promise<readonly Found[]>;
  /** Those of `names` that exist, asked by name: the confirmation that an object a list lacks is really absent. */
  findByName(
    reader: Reader,
    scope: Scope,
    names: readonly string[],
    wanted: Wanted,
  ): Promise<readonly Found[]>;
  findById(reader: Reader, id: string): Promise<Found | undefined>;
  /**
   * Reads that cost calls per resource, by facet. A facet that is not here comes with the list. `addressOf` knows what is
   * declared, owned or referred to.
   */
  readonly facets: {
    readonly [facet: string]: (
      reader: Reader,
      found: Found,
      scope: Scope,
      addressOf?: AddressOf,
    ) => Promise<Found["spec"]>;
  };
  /** Outputs that others refer to; `undefined` when this object has no such output, a problem when it must not be used. */
  output(reader: Reader, found: Found, output: string): Promise<Secret | string | Problem | undefined>;

  /** Ids of what is in it: it can be deleted only when all of that is gone or has left. */
  readonly holds?: (found: Found) => readonly string[];
  /** Outputs that a change gives another value, by the last part of their name: they come after it. */
  readonly unsettles?: (change: ResourceChange) => readonly string[];

  /** Reasons that forbid creating this, known without asking the API; empty when there are none. */
  refuseCreate(
    desired: Desired,
    scope: Scope,
    carried: readonly Desired[],
  ): readonly { readonly code: string; readonly message: string; readonly remedy: string }[];
  /**
   * The call that makes it, then what that call cannot carry. Fields in `deferred` refer to something that is made later
   * (or to the object itself): they must come as later writes. Only `deferrable` fields are ever in it. `carried` are the
   * resources that this call makes as well, by their kind's `carriedBy`.
   */
  create(
    desired: Desired,
    scope: Scope,
    deferred: ReadonlySet<string>,
    carried: readonly Desired[],
  ): readonly WriteDraft[];
  /** The resource that it stands in, and goes with when that one goes: the service of a disk or a domain. */
  readonly standsIn?: (desired: Desired) => Address;
  /** The resource whose creation makes this one as well, in one call when both are new: the service of a disk. */
  readonly carriedBy?: (desired: Desired, declared: Declarations) => Address | undefined;
  readonly deferrable: readonly string[];
  update(desired: Desired, change: ResourceChange, live: Live): readonly WriteDraft[];
  remove(address: Address, name: string): readonly WriteDraft[];
  /** Reads the answer of the write whose part is `resource` and whose verb is create; `path` is as it was sent. */
  created(answer: unknown, carried: readonly Desired[], path: string): Created;
  /** Gives the live object another name in place; absent where the API cannot. */
  readonly rename?: (desired: Desired) => WriteDraft;
  /** A name that is made from another resource's follows when that one is renamed; `undefined`: it is not about this one. */
  readonly namedAfter?: {
    readonly kind: KindName;
    readonly rename: (own: string, from: string, to: string) => string | undefined;
  };
  /**
   * Which objects a block claims as its own by an `...Exclusive` key: those that no file declares are deleted, owned or
   * not. `undefined` when no block does.
   */
  readonly claims?: (resources: readonly Desired[]) => ((found: Found) => boolean) | undefined;
  /** A fact about the live object that people want to know and nothing is done about. */
  readonly remark?: (found: Found) => string | undefined;
  /** Always there: neither made nor deleted, so it is not adopted, and a dropped block only forgets it. */
  readonly permanent?: true;
  /** For kinds that deploy. `cancel` stops the deploy that creation started; absent for a spec that cannot (cron jobs). */
  readonly deploys?: {
    start(desired: Desired): WriteDraft;
    cancel(desired: Desired): WriteDraft | undefined;
    /** The newest deploy: settles a call whose answer was lost, and names the first one to cancel it. */
    newest(
      reader: Reader,
      id: string,
    ): Promise<{ readonly id: string; readonly isCanceled: boolean } | undefined>;
    /** False on a suspended service, whose deploys always fail. */
    allowed(desired: Desired, live: Live | undefined): boolean;
    /** `lifecycle.deploy: wait`: until the newest deploy is live. */
    readonly live: Readiness;
    /** `lifecycle.beforeDeploy`: a one-off job, and until it has succeeded. */
    before(desired: Desired): { readonly job: WriteDraft; readonly done: Readiness } | undefined;
    /** `lifecycle.rollback`: back to the newest deploy that ran; `undefined` when none ever did. */
    rollback(
      reader: Reader,
      address: Address,
      id: string,
    ): Promise<{ readonly deployId: string; readonly write: Write } | undefined>;
  };
  /** Ids of the objects that a change of this one takes effect in with their next deploy: the services of an env group. */
  readonly redeploys?: (live: Live) => readonly string[];
  /** The resource in whose next deploy it takes effect that one of this name is made, changed or deleted: the service of a disk. */
  readonly takesEffectIn?: (name: string) => Address;
  /** Fields of that resource that not every value of goes with it: written before it is made, and after it is deleted. */
  readonly apartFrom?: readonly string[];
  /** Present when others must wait until an object works. Polled until it answers `ready`. */
  readonly readiness?: Readiness & {
    /** Whether it has not become ready since it was made. */
    isAwaited(found: Found): boolean;
    /** False for what the file wants suspended, which never becomes ready. Absent: always. */
    isExpected?(desired: Desired): boolean;
  };
  readonly dataBearing: boolean;
  /** The words after the name in a plan line: "basic-256mb · oregon · PostgreSQL 18". */
  summary(spec: Spec): string;
}

export type Kinds = ReadonlyMap<KindName, Kind>;
