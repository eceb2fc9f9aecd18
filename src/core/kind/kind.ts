import type { Address, KindName, Provider } from "../base/address.ts";
import type { Problem } from "../base/problem.ts";
import type { Secret } from "../base/secret.ts";
import type { Charge } from "../cost/cost.ts";
import type { FieldChange, Remark, ResourceChange } from "../model/change.ts";
import type { Desired, Spec } from "../model/desired.ts";
import type { FileKind } from "../model/file-kind.ts";
import type { Found, Live, LiveSpec } from "../model/live.ts";
import type { WriteDraft, Body } from "../model/write.ts";
import type { DataExports } from "./data-exports.ts";
import type { Deploying } from "./deploying.ts";
import type { Readiness } from "./readiness.ts";
import type { Reader, FindEntry } from "./reader.ts";
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
 * `Must` is what every kind says. `May` is what a kind says when it is not the usual case. `Relations` say how it hangs on
 * other kinds; `Rotating` and the member `deploys` are for the kinds that can do that at all.
 *
 *     export const project: Kind = { name: "render/project", noun: "project", fields, shapes, list, findById, create, ... };
 */
export type Kind = FileKind & Must & May & Relations & Rotating;

/** All kinds, by name. Providers hand their lists in; core knows no kind by itself. */
export type Kinds = ReadonlyMap<KindName, Kind>;

type Must = {
  /** The provider whose account it is read from and written to. */
  readonly provider: Provider;

  /** Every live object of the workspace (or of what is wanted), from all pages, with the fields that the list shows. */
  list(reader: Reader, scope: Scope, wanted: Wanted): Promise<readonly Found[]>;
  /** Those of `names` that exist, asked for by name. This confirms that an object which the list lacks is really absent. */
  findByName(
    reader: Reader,
    scope: Scope,
    names: readonly string[],
    wanted: Wanted,
  ): Promise<readonly Found[]>;
  /** The object of an id; `undefined` when it is gone. Throws when the API does not say. */
  findById(reader: Reader, id: string): Promise<Found | undefined>;
  /**
   * By facet, the read that costs calls for each resource. A facet that is not here comes with the list. `addressOf` knows
   * the ids of what is declared, owned or referred to.
   */
  readonly facets: {
    readonly [facet: string]: (
      reader: Reader,
      found: Found,
      scope: Scope,
      addressOf?: AddressOf,
    ) => Promise<Found["spec"]>;
  };
  /** An output that others refer to; `undefined` when this object has no such output, a problem when it must not be used. */
  output(reader: Reader, found: Found, output: string): Promise<Secret | string | Problem | undefined>;

  /**
   * Reasons why the API would not create this, known without asking it; empty when there are none. A kind that cannot be
   * created at all says so here.
   */
  refuseCreate(
    desired: Desired,
    scope: Scope,
    carried: readonly Desired[],
    around: Around,
  ): readonly Refusal[];
  /**
   * The call that makes it, and after that the calls for what the first cannot carry.
   *
   * - `deferred`: fields that refer to something that is made later (or to the object itself), so they must come as later
   *   writes. Only fields of `deferrable` are ever among them.
   * - `carried`: resources that this call makes as well (their kind's `createdWith` names this one).
   * - `replacing`: the change, where this takes the place of another object. That one is still there, and its entries are
   *   taken over, but for those that the change removes.
   */
  create(
    desired: Desired,
    scope: Scope,
    deferred: ReadonlySet<string>,
    carried: readonly Desired[],
    replacing?: ResourceChange,
  ): readonly WriteDraft[];
  readonly deferrable: readonly string[];
  /** The calls that make the changed fields equal to the file. */
  update(desired: Desired, change: ResourceChange, live: Live, around: Around): readonly WriteDraft[];
  /** The calls that delete it. Empty for what cannot be deleted. */
  remove(address: Address, name: string): readonly WriteDraft[];
  /** What the answer of the creation says, that is of the write whose part is `resource`; `path` is as it was sent. */
  created(answer: unknown, carried: readonly Desired[], path: string): Created;
  /**
   * What keeps a creation that is sent twice from making two. `name`: the API, which refuses a second one of that name, or
   * sets what there is one of. `none`: nothing, so that it is sent again only when it is certain that there is none.
   */
  readonly unique: "name" | "none";
  /** Whether its objects hold data that would be lost with them; `holdsData` tells where that differs from one to the other. */
  readonly dataBearing: boolean;
  /** The words after the name in a plan line: "basic-256mb · oregon · PostgreSQL 18". */
  summary(spec: Spec): string;
};

type May = {
  /** Whether a live object is the declared one, for a kind whose natural key is not the block's name. */
  identifies?(desired: Desired, found: Found): boolean;
  /** The API has a list and no call for one object, so `findById` looks in the list as well, and lags with it. */
  readonly onlyListed?: true;
  readonly findEntry?: FindEntry;
  /** A name for an object that has none in the account, for a file that is made from the account. */
  suggestName?(found: Found): string;
  /**
   * The fields whose change makes an output or gives it another value: what refers to it is written after them. `live`: the
   * object before the change. Absent: no change does. Example: `connectionPool` makes `connectionPoolString`.
   */
  readonly unsettledBy?: (output: string, live: Found) => readonly string[];
  /** Whether an object that is as the block says has an output which not all of the kind have. Absent: yes. */
  readonly yields?: (desired: Desired, output: string) => boolean;
  /** Reasons why the API would refuse a change of one that is there; empty when there are none. */
  readonly refuseUpdate?: (
    desired: Desired,
    change: ResourceChange,
    live: Live,
    around: Around,
  ) => readonly Refusal[];
  /** The call that renames the live object in place, to the block's own name if none is given; absent where the API cannot. */
  readonly rename?: (desired: Desired, name?: Body) => WriteDraft;
  /** Whether the new one can be made while the old one whose place it takes is there. Absent: yes, where that can be renamed. */
  readonly standsBeside?: (desired: Desired) => boolean;
  /** Fields that the API sets by itself for each new object: a new one does not take them over from the old one. */
  readonly madeAnew?: readonly string[];
  readonly losesWhenReplaced?: Losses;
  /** What people know the object by and what its replacement will not have: an address that Render chose. */
  readonly keepsUntilGone?: (found: Found) => string | undefined;
  /** Whether a block asks what a live object does already, so that it may be that one renamed. Absent: that cannot be told. */
  readonly isLike?: (found: Found, desired: Desired, scope: Scope) => boolean;
  /**
   * A test for the objects that blocks claim by an `...Exclusive` key: those of them that no file declares are deleted,
   * owned or not. `undefined` when no block claims any.
   */
  readonly claims?: (resources: readonly Desired[]) => ((found: Found) => boolean) | undefined;
  /**
   * Where the block of the host lists these objects (`domains` of a service): that key, and the host of a live one. One that
   * no file has is told at its host, as an entry of the list is.
   */
  readonly listedBy?: { readonly field: string; host(found: Found): Address };
  /** A fact about the live object, or about its change, that people want to know and that trueup does nothing about. */
  readonly remark?: (found: Found, fields: readonly FieldChange[]) => Remark | undefined;
  /** The object is always there, neither made nor deleted. So it is not adopted, and a block that is dropped only forgets it. */
  readonly permanent?: true;
  /** Present where its objects run with what their last deploy was given. */
  readonly deploys?: Deploying;
  /**
   * The objects in whose next deploy a change of this one takes effect: the services that an env group is linked to. `all` is
   * every live object that is declared or owned. The answer may hold others too.
   */
  readonly redeploys?: (
    live: Live,
    all: ReadonlyMap<Address, Live>,
  ) => readonly { readonly id: string; readonly name: string }[];
  /** Present when others must wait until an object works. Polled until it answers `ready`. */
  readonly readiness?: Readiness & {
    /** Whether the object has not been ready yet since it was made. */
    isAwaited(found: Found): boolean;
    /** Whether the object will become ready at all: what the file wants suspended never does. Absent: always. */
    isExpected?(desired: Desired): boolean;
  };
  /** Whether this object holds data or takes along something that does (a disk), where not all of its kind do. */
  readonly holdsData?: (found: Found) => boolean;
  /**
   * The id is the one of the place, such as the workspace's of its only stream: what is made there again has it again. So a list that
   * shows an id which was deleted a moment ago shows a new object, and not an old one late.
   */
  readonly reusesIds?: true;
  /**
   * The fields by whose change an object that stays loses its data: `persistenceMode`, when the file turns it off. Asked only of
   * what holds data. Absent: no update ends data.
   */
  readonly emptiedBy?: (change: ResourceChange, found: Found) => readonly string[];
  /** The data that is lost with it, in words; absent: "its data". */
  readonly dataNoun?: string;
  /** trueup itself may be signed in with an object of this kind (an API token), and must not delete the one that it uses. */
  readonly signsIn?: true;
  /** Outputs by which an export sees that a live value comes from this object. Absent: none. */
  readonly restorable?: (found: Found) => readonly Restorable[];
  /** What an object that is as `spec` says costs a month by the provider's price list. Absent: nothing. */
  readonly charges?: (spec: Spec | LiveSpec) => readonly Charge[];
  /** Present where the API makes copies of an object's data: one is taken before the object is deleted. */
  readonly dataExports?: DataExports;
};

/** The kind of a name. The name has been checked before: one that is not registered is a fault of the program, an `Error`. */
export function findKind(kinds: Kinds, name: KindName): Kind {
  const kind = kinds.get(name);
  if (!kind) throw new Error(`no such kind: ${name}`);
  return kind;
}
