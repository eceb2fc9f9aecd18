import type { Address, KindName } from "../base/address.ts";
import type { Millis } from "./budget.ts";
import type { Digest } from "../base/digest.ts";
import type { Json } from "../base/json.ts";
import type { Where } from "../base/problem.ts";

/**
 * How a value is shown: a public one as it is, a secret as four hex digits of its keyed digest, one that is not known yet
 * by its source (`from render/postgres/main`). It is for display alone: nothing is decided by it.
 */
export type Shown =
  | { readonly show: "public"; readonly value: Json }
  | { readonly show: "secret"; readonly fingerprint: string }
  | { readonly show: "source"; readonly text: string }
  | { readonly show: "absent" };

/**
 * Who moved, where a field differs: told from the file, the inventory (what was last applied) and live.
 *
 *     last applied   file    live    verdict
 *     a              b       a       file       the file asks something else
 *     a              a       b       outside    somebody changed the live object
 *     a              b       c       both
 *     nothing        b       c       unknown    new here, or adopted
 *     a              b       a       source     the file asks what it asked, and where the value comes from gives another one
 */
export type Verdict = "file" | "outside" | "both" | "unknown" | "source";

/** One field, or one entry of it (`PORT` of `envVars`), that differs: what is live, and what the file asks. */
export type FieldChange = {
  readonly field: string;
  readonly entry?: string;
  readonly before: Shown;
  readonly after: Shown;
  readonly verdict: Verdict;
  /** The entry is taken away: an earlier apply declared it and the file no longer does. */
  readonly removed: boolean;
  /** The field cannot change in place: another object takes the place of this one. */
  readonly forcesReplace: boolean;
  /** Live lacks the value, which is a `sync: false` one or taken from such. */
  readonly asked?: true;
  /**
   * The field cannot change in place, and live shows a value that no file could say: `null`, or a word that the
   * format does not have.
   */
  readonly unreadable?: true;
  /** The `sync: false` value that was there is deleted, and no new one is given yet: without one its step does nothing. */
  readonly unanswered?: true;
  readonly where?: Where;
};

/**
 * What becomes of one address.
 *
 *     the file    live                         the inventory   action
 *     declares    absent, confirmed            any             create
 *     declares    there, by its name           not owned       adopt
 *     declares    there, and differs           owned           update, or replace where that cannot change in place
 *     declares    there, and does not differ   owned           keep
 *     is silent   there                        owned           delete
 *     is silent   there, in an exclusive list  not owned       delete
 *     is silent   absent, confirmed            owned           forget
 *
 * What an earlier run left undone makes a `keep` an `update`; what is always there (`permanent`) is forgotten, not deleted.
 */
export type Action = "create" | "update" | "adopt" | "replace" | "delete" | "forget" | "keep";

/**
 * What differs for one address, and what is to be done about it. An `adopt` may have fields to update as well; a `keep` is
 * listed so that reports can count it.
 */
export type ResourceChange = {
  readonly action: Action;
  readonly address: Address;
  readonly kind: KindName;
  /** The natural key: of the block, or of what is owned or live where there is no block. */
  readonly name: string;
  /** The API's id of the live object, or of the owned one that is gone. Absent for create. */
  readonly id?: string;
  /** What differs; of a creation, all that the file declares and a call can carry. */
  readonly fields: readonly FieldChange[];
  /** It was owned, is declared, and is confirmed gone: this creation makes it again. */
  readonly recreates: boolean;
  /**
   * What somebody did outside of trueup to the object as a whole: an owned one is `gone` (also where another one has
   * its name by now), or one was `added` where a block is exclusive. Absent: neither is known.
   */
  readonly outside?: "gone" | "added";
  /** Field keys where live already is what the file asks, and the inventory does not know it yet: only that is noted. */
  readonly converged: readonly string[];
  /** Field keys that cannot change in place and stay as they are, with the digest of what is live; to be noted. Absent: none. */
  readonly settled?: { readonly [fieldKey: string]: Digest };
  /** Those of `converged` that somebody else made equal, since the inventory remembers another value. Absent: none. */
  readonly moved?: readonly string[];
  /** `sync: false` entries that live lacks and that have no value yet: their steps do nothing until a value is given. */
  readonly optional: readonly FieldChange[];
  /** What an earlier run left undone here, and this one takes up. */
  readonly due?: Due;
  readonly where?: Where;
  /** The words behind the name in a plan line: `basic-256mb · oregon · PostgreSQL 18`, or why there is a change. */
  readonly summary: string;
  /** The object holds data, and this deletion, replacement or update ends it. */
  readonly losesData?: true;
  /** The folder that the data is copied to before it goes, as it is shown to people. */
  readonly exportedTo?: string;
  /** Of a replacement before which the old one steps aside: how many entries of each field come from that and not from the file. */
  readonly takesOver?: { readonly [field: string]: number };
  /** A rotation: the replacement of something whose value is shown once. Saved plans have it under this name. */
  readonly succession?: Rotation;
  /** Facts worth a line: entries that are live but not in the file, values that are still asked for. */
  readonly notes: readonly Note[];
};

/**
 * How a new object takes the place of an old one whose value is shown once. `because`: why, in words.
 *
 *     begin      the new one is made, its value delivered and proven, and only then the old one is deleted
 *     continue   likewise, and an earlier run made the new one, whose value is known
 *     again      the value of the object that is there is lost: that is deleted first
 *     gap        there can be only one at a time (agreed to with `--allow-gap`): the old one is deleted first
 */
export type Rotation = {
  readonly mode: "begin" | "continue" | "again" | "gap";
  readonly because: string;
  /** An earlier run made a new object that cannot be used (its value is lost, or it no longer fits): it is deleted first. */
  readonly orphan: boolean;
};

/**
 * What an earlier run left undone with a resource. `cancel`: its first deploy is to be cancelled. `deploy`: a deploy is to
 * be started. `job`: the one-off job before that deploy was started already. `noted`: a deploy whose answer was lost is
 * found to have begun, and only the inventory does not know it yet.
 */
export type Due = {
  readonly cancel: boolean;
  readonly deploy: boolean;
  readonly job: boolean;
  readonly noted: boolean;
  /** What stepped aside for it is still to be deleted. */
  readonly formers?: true;
};

/** A fact in words. `detail`: what is this resource's own, where `text` is the same for all of its kind. */
export type Remark = { readonly text: string; readonly detail?: string };

/** A fact that a plan tells about a resource, and does nothing about. */
export type Note =
  /** Entries that are live, and that neither the file nor an earlier apply declared: they stay. */
  | { readonly note: "not-in-file"; readonly field: string; readonly entries: readonly string[] }
  /** Values that end with a deleted object and cannot be made again from the file: typed in by hand, or generated. */
  | { readonly note: "goes-for-good"; readonly field: string; readonly entries: readonly string[] }
  | ({ readonly note: "remark" } & Remark)
  /**
   * Live differs from the file in a field that cannot change in place, or shows a word that trueup does not know, and stays as
   * it is. `outside`: somebody moved it. `both`: the file moved too, but what live shows cannot be read. `unknown`: it was so
   * when the file began to say it.
   */
  | {
      readonly note: "stays";
      readonly field: string;
      readonly before: Shown;
      readonly after: Shown;
      readonly verdict: Exclude<Verdict, "file" | "source">;
      readonly text: string;
    }
  /** A `sync: false` value is not the one that was set or adopted. It stays, and is told until somebody agrees to it. */
  | {
      readonly note: "secret-changed";
      readonly field: string;
      readonly entry: string;
      readonly before: string;
      readonly after: string;
    }
  /** A `sync: false` value that has to be given: of an entry, or of the field itself. */
  | { readonly note: "needs-value"; readonly field: string; readonly entry?: string }
  /**
   * The creation of the resource was announced at `at`, its answer was lost, and no list shows the object. It may be sent
   * again from `from` on; absent: at any time. Both in milliseconds since 1970.
   */
  | { readonly note: "uncertain"; readonly at: Millis; readonly from?: Millis }
  /**
   * `cannot-verify`: no API shows the value, so it is taken to be the right one. `cannot-compare`: the file's value is not known,
   * so live stays as it is. `reason` says why.
   */
  | {
      readonly note: "cannot-verify" | "cannot-compare";
      readonly field: string;
      readonly entry?: string;
      readonly reason: string;
    };
