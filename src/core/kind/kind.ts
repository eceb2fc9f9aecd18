import type { Address, KindName, Provider } from "../base/address.ts";
import type { Body } from "../model/body.ts";
import type { DataExports } from "./data-exports.ts";
import type { Desired, Spec } from "../model/desired.ts";
import type { FileKind } from "../model/file-kind.ts";
import type { Reader } from "./reader.ts";
import type { Write, WriteDraft } from "../model/write.ts";
import type { FindEntry } from "./find-entry.ts";
import type { Found, Live } from "../model/live.ts";
import type { Problem } from "../base/problem.ts";
import type { Proof } from "./proof.ts";
import type { JobBefore } from "./job-before.ts";
import type { Readiness } from "./readiness.ts";
import type { Around, Refusal } from "./refusal.ts";
import type { Losses } from "./replaced.ts";
import type { Secret } from "../base/secret.ts";
import type { FieldChange, ResourceChange } from "../model/change.ts";
import type { Scope, Created, Wanted, AddressOf, Declarations } from "./scope.ts";

/**
 * One kind of resource: how it stands in the file, how it is read, how it is written. Everything that writes is pure and
 * answers with data; only the executor sends. A kind is registered in its provider's list and nowhere else.
 */
export interface Kind extends FileKind {
  /** Whose account it is read from and written to. */
  readonly provider: Provider;

  /** Every live object of the workspace (or of what is wanted), fields of list facets filled, all pages. */
  list(reader: Reader, scope: Scope, wanted: Wanted): Promise<readonly Found[]>;
  /** Those of `names` that exist, asked by name: the confirmation that an object a list lacks is really absent. */
  findByName(
    reader: Reader,
    scope: Scope,
    names: readonly string[],
    wanted: Wanted,
  ): Promise<readonly Found[]>;
  /** Whether a live object is the declared one, where its natural key is not the block's name. */
  identifies?(desired: Desired, found: Found): boolean;
  findById(reader: Reader, id: string): Promise<Found | undefined>;
  /** There is one list and no call that asks for one object: `findById` looks in the list as well, and lags with it. */
  readonly onlyListed?: true;
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
  readonly findEntry?: FindEntry;
  /** Outputs that others refer to; `undefined` when this object has no such output, a problem when it must not be used. */
  output(reader: Reader, found: Found, output: string): Promise<Secret | string | Problem | undefined>;

  /** What a file that is made from the account calls an object that has no name there. */
  suggestName?(found: Found): string;

  /** Outputs that the API shows once, in the answer of the call that makes the object. */
  readonly once?: readonly string[];
  /** Without its once-shown value it is of no use to anybody: it is not made where nothing takes that. */
  readonly onceNeeded?: true;
  /** How another one takes the place of one whose value is shown once. */
  readonly succession?: {
    /** Two of one name cannot be told apart: the new one has a name of its own until the former one is gone. */
    readonly named: boolean;
    /** The call that makes it beside the former one; its name, where it needs one, is a hole. */
    create(desired: Desired, scope: Scope): WriteDraft;
    /** Whether the live object is due for it, in words: "91 days old". `today` is an ISO date. */
    due?(desired: Desired, found: Found, today: string): string | undefined;
    /** Tries its value; answers with the reason when it does not work. */
    prove?(proof: Proof, desired: Desired): Promise<"works" | { readonly failed: string }>;
  };

  /** Ids of what is in it: it can be deleted only when all of that is gone or has left. */
  readonly holds?: (found: Found) => readonly string[];
  /** Outputs that a change gives another value, by the last part of their name: they come after it. */
  readonly unsettles?: (change: ResourceChange) => readonly string[];

  /** Reasons that forbid creating this, known without asking the API; empty when there are none. */
  refuseCreate(
    desired: Desired,
    scope: Scope,
    carried: readonly Desired[],
    around: Around,
  ): readonly Refusal[];
  /** Likewise for a change of one that is there. */
  readonly refuseUpdate?: (
    desired: Desired,
    change: ResourceChange,
    live: Live,
    around: Around,
  ) => readonly Refusal[];
  /**
   * The call that makes it, then what that call cannot carry. Fields in `deferred` refer to something that is made later
   * (or to the object itself): they must come as later writes. Only `deferrable` fields are ever in it. `carried` are the
   * resources that this call makes as well, by their kind's `carriedBy`. `replacing`: the one before is still there and has all
   * entries that this one takes over, but for those that the change removes.
   */
  create(
    desired: Desired,
    scope: Scope,
    deferred: ReadonlySet<string>,
    carried: readonly Desired[],
    replacing?: ResourceChange,
  ): readonly WriteDraft[];
  /** Whether the API takes a second one beside the one whose place it takes. Absent: wherever that can be renamed. */
  readonly standsBeside?: (desired: Desired) => boolean;
  /** Fields that the API makes anew for what is new, although it shows them: none of these is taken over. */
  readonly madeAnew?: readonly string[];
  readonly losesWhenReplaced?: Losses;
  /** What people know the object by and that the one which takes its place does not have: an address that Render chose. */
  readonly keepsUntilGone?: (found: Found) => string | undefined;
  /** The resource that it stands in, and goes with when that one goes: the service of a disk or a domain. */
  readonly standsIn?: (desired: Desired) => Address;
  /** The resource whose creation makes this one as well, in one call when both are new: the service of a disk. */
  readonly carriedBy?: (desired: Desired, declared: Declarations) => Address | undefined;
  readonly deferrable: readonly string[];
  update(desired: Desired, change: ResourceChange, live: Live): readonly WriteDraft[];
  remove(address: Address, name: string): readonly WriteDraft[];
  /** Reads the answer of the write whose part is `resource` and whose verb is create; `path` is as it was sent. */
  created(answer: unknown, carried: readonly Desired[], path: string): Created;
  /** Gives the live object another name in place, the block's own if none is given; absent where the API cannot. */
  readonly rename?: (desired: Desired, name?: Body) => WriteDraft;
  /** Whether a block would do what a live object does, so that it may be that one under another name; absent: nobody can tell. */
  readonly isLike?: (found: Found, desired: Desired, scope: Scope) => boolean;
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
  /** A fact about the live object, or about what is changed of it, that people want to know and nothing is done about. */
  readonly remark?: (found: Found, fields: readonly FieldChange[]) => string | undefined;
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
    /** `lifecycle.beforeDeploy`. */
    before(desired: Desired): JobBefore | undefined;
    /** `lifecycle.rollback`: back to the newest deploy that ran; `undefined` when none ever did. */
    rollback(
      reader: Reader,
      address: Address,
      id: string,
    ): Promise<{ readonly deployId: string; readonly write: Write } | undefined>;
  };
  /**
   * The objects that a change of this one takes effect in with their next deploy: the services of an env group. `all` is
   * everything that is declared or owned; what is neither may be among them.
   */
  readonly redeploys?: (
    live: Live,
    all: ReadonlyMap<Address, Live>,
  ) => readonly { readonly id: string; readonly name: string }[];
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
  /**
   * What keeps a creation that is sent twice from making two. `name`: the API, which refuses a second one of that name, or
   * sets what there is one of. `none`: nothing, so that it is sent again only when it is certain that there is none.
   */
  readonly unique: "name" | "none";
  /** Whether this one holds data, where that is not the same for each of its kind, or takes along what does: a disk. */
  readonly holdsData?: (found: Found) => boolean;
  /** Present where the API makes a copy of what an object holds: that is taken before it goes. */
  readonly dataExports?: DataExports;
  /** The words after the name in a plan line: "basic-256mb · oregon · PostgreSQL 18". */
  summary(spec: Spec): string;
}

export type Kinds = ReadonlyMap<KindName, Kind>;
