import type { Address, KindName, Provider } from "../base/address.ts";
import type { Problem } from "../base/problem.ts";
import type { Secret } from "../base/secret.ts";
import type { Body } from "../model/body.ts";
import type { FieldChange, ResourceChange } from "../model/change.ts";
import type { Desired, Spec } from "../model/desired.ts";
import type { FileKind } from "../model/file-kind.ts";
import type { Found, Live } from "../model/live.ts";
import type { WriteDraft } from "../model/write.ts";
import type { DataExports } from "./data-exports.ts";
import type { Deploying } from "./deploying.ts";
import type { FindEntry } from "./find-entry.ts";
import type { Readiness } from "./readiness.ts";
import type { Reader } from "./reader.ts";
import type { Around, Refusal } from "./refusal.ts";
import type { Relations } from "./relations.ts";
import type { Losses } from "./replaced.ts";
import type { Rotating } from "./rotating.ts";
import type { AddressOf, Created, Scope, Wanted } from "./scope.ts";
import type { Restorable } from "./restorable.ts";

/**
 * One kind of resource: how it stands in the file, how it is read, how it is written. A kind is registered in its provider's
 * list and nowhere else. What trueup does with it, in this order:
 *
 *  1. The file stage reads blocks by `shapes` and `fields` (`FileKind`): desired resources.
 *  2. `list` reads what is live; `findByName` and `findById` confirm that what a list lacks is absent; `facets` read what
 *     costs a call per resource, and only when a declared field needs it.
 *  3. Desired, live and what was last applied are compared field by field. No code of the kind runs.
 *  4. `refuseCreate` and `refuseUpdate` say what the API would refuse, before anything is sent.
 *  5. `create`, `update` and `remove` answer with HTTP writes as data. They are pure; only the executor sends.
 *  6. `created` reads the answer of the creation; `output` gives others what they refer to; `readiness` is waited for.
 *
 * `Must` is what every kind says. `May` is what a kind says when it is not the usual case. `Relations` are how it hangs on
 * others, `Rotating` and the member `deploys` what only some kinds can do at all.
 *
 *     export const project: Kind = { name: "render/project", noun: "project", fields, shapes, list, findById, create, ... };
 */
export type Kind = FileKind & Must & May & Relations & Rotating;

export type Kinds = ReadonlyMap<KindName, Kind>;

type Must = {
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

  /**
   * Reasons that forbid creating this, known without asking the API; empty when there are none. A kind that cannot be created
   * gives its reason here.
   */
  refuseCreate(
    desired: Desired,
    scope: Scope,
    carried: readonly Desired[],
    around: Around,
  ): readonly Refusal[];
  /**
   * The call that makes it, then what that call cannot carry. Fields in `deferred` refer to something that is made later
   * (or to the object itself): they must come as later writes. Only `deferrable` fields are ever in it. `carried` are the
   * resources that this call makes as well, by their kind's `createdWith`. `replacing`: the one before is still there and has all
   * entries that this one takes over, but for those that the change removes.
   */
  create(
    desired: Desired,
    scope: Scope,
    deferred: ReadonlySet<string>,
    carried: readonly Desired[],
    replacing?: ResourceChange,
  ): readonly WriteDraft[];
  readonly deferrable: readonly string[];
  update(desired: Desired, change: ResourceChange, live: Live): readonly WriteDraft[];
  remove(address: Address, name: string): readonly WriteDraft[];
  /** Reads the answer of the write whose part is `resource` and whose verb is create; `path` is as it was sent. */
  created(answer: unknown, carried: readonly Desired[], path: string): Created;
  /**
   * What keeps a creation that is sent twice from making two. `name`: the API, which refuses a second one of that name, or
   * sets what there is one of. `none`: nothing, so that it is sent again only when it is certain that there is none.
   */
  readonly unique: "name" | "none";
  readonly dataBearing: boolean;
  /** The words after the name in a plan line: "basic-256mb · oregon · PostgreSQL 18". */
  summary(spec: Spec): string;
};

type May = {
  /** Whether a live object is the declared one, where its natural key is not the block's name. */
  identifies?(desired: Desired, found: Found): boolean;
  /** There is one list and no call that asks for one object: `findById` looks in the list as well, and lags with it. */
  readonly onlyListed?: true;
  readonly findEntry?: FindEntry;
  /** What a file that is made from the account calls an object that has no name there. */
  suggestName?(found: Found): string;
  /** Outputs that a change gives another value, by the last part of their name: they come after it. */
  readonly unsettles?: (change: ResourceChange) => readonly string[];
  /** Reasons that forbid a change of one that is there. */
  readonly refuseUpdate?: (
    desired: Desired,
    change: ResourceChange,
    live: Live,
    around: Around,
  ) => readonly Refusal[];
  /** Gives the live object another name in place, the block's own if none is given; absent where the API cannot. */
  readonly rename?: (desired: Desired, name?: Body) => WriteDraft;
  /** Whether the API takes a second one beside the one whose place it takes. Absent: wherever that can be renamed. */
  readonly standsBeside?: (desired: Desired) => boolean;
  /** Fields that the API makes anew for what is new, although it shows them: none of these is taken over. */
  readonly madeAnew?: readonly string[];
  readonly losesWhenReplaced?: Losses;
  /** What people know the object by and that the one which takes its place does not have: an address that Render chose. */
  readonly keepsUntilGone?: (found: Found) => string | undefined;
  /** Whether a block would do what a live object does, so that it may be that one under another name; absent: nobody can tell. */
  readonly isLike?: (found: Found, desired: Desired, scope: Scope) => boolean;
  /**
   * Which objects a block claims as its own by an `...Exclusive` key: those that no file declares are deleted, owned or
   * not. `undefined` when no block does.
   */
  readonly claims?: (resources: readonly Desired[]) => ((found: Found) => boolean) | undefined;
  /** A fact about the live object, or about what is changed of it, that people want to know and nothing is done about. */
  readonly remark?: (found: Found, fields: readonly FieldChange[]) => string | undefined;
  /** Always there: neither made nor deleted, so it is not adopted, and a dropped block only forgets it. */
  readonly permanent?: true;
  /** Its objects run what their last deploy was given. */
  readonly deploys?: Deploying;
  /**
   * The objects that a change of this one takes effect in with their next deploy: the services of an env group. `all` is
   * everything that is declared or owned; what is neither may be among them.
   */
  readonly redeploys?: (
    live: Live,
    all: ReadonlyMap<Address, Live>,
  ) => readonly { readonly id: string; readonly name: string }[];
  /** Present when others must wait until an object works. Polled until it answers `ready`. */
  readonly readiness?: Readiness & {
    /** Whether it has not become ready since it was made. */
    isAwaited(found: Found): boolean;
    /** False for what the file wants suspended, which never becomes ready. Absent: always. */
    isExpected?(desired: Desired): boolean;
  };
  /** Whether this one holds data, where that is not the same for each of its kind, or takes along what does: a disk. */
  readonly holdsData?: (found: Found) => boolean;
  /** What is lost with it, in words; absent: "its data". */
  readonly dataNoun?: string;
  /** An object of it is what trueup itself may sign in with, and what it must not take from itself: an API token. */
  readonly signsIn?: true;
  /** Outputs by which an export knows that a live value comes from this object. Absent: none. */
  readonly restorable?: (found: Found) => readonly Restorable[];
  /** Present where the API makes a copy of what an object holds: that is taken before it goes. */
  readonly dataExports?: DataExports;
};
