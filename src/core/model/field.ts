import type { KindName } from "../base/address.ts";
import type { Json, JsonObject } from "../base/json.ts";
import type { LiveSpec } from "./live.ts";

/** JSON Schema, draft 2020-12, of one value in the file. */
export type JsonSchema = JsonObject;

/**
 * What a difference does.
 * - `update`: written in place.
 * - `grow`: written in place, but only upwards; a smaller wish is a refusal.
 * - `replace`: the API cannot change it; the resource is destroyed and made again.
 * - `create`: only sent at creation; later differences are shown as notes and never acted on.
 * - `none`: no API has it; the file may hold it, it warns once (`noApi` says why).
 */
type OnChange = "update" | "grow" | "replace" | "create" | "none";

/**
 * One key of a block, said once: the schema, the diff, the reads and the writes all derive from it.
 *
 * `facet` names the calls that read and write the field: a facet that no declared field needs is not read, one without a
 * change is not written. `shapes` limits the field to some shapes of its kind (absent: all of them); `required` names the
 * shapes whose block must have it. `entries` marks a list of entries that is owned per entry and kept in the spec as a map
 * by entry key. `value` marks a field (or entries) whose content is a `Value`. `deploys`: a change takes effect with the
 * next deploy only, so the plan adds one.
 */
export type Field = {
  readonly description: string;
  readonly schema: JsonSchema;
  readonly facet: string;
  readonly onChange: OnChange;
  readonly shapes?: readonly string[];
  readonly required?: readonly string[];
  /**
   * The members that make an entry's key, joined by a space; none: the entry is its key. An `ordered` list stays a list in
   * the spec: routes.
   */
  readonly entries?: {
    readonly key: readonly string[];
    readonly ordered?: true;
    /** Member of the live spec with the entries that came with the object: not told as missing in the file, nor exported. */
    readonly cameWith?: string;
  };
  readonly value?: true;
  /** No API shows the value again: what was last sent, remembered as a digest, stands for what is live. */
  readonly writeOnly?: true;
  readonly deploys?: true;
  readonly noApi?: string;
  /** Members of an object field that no API has: left out of the spec, with one warning. */
  readonly noApiMembers?: readonly string[];
  /** Where a shape allows something narrower than `schema`: the plans of a cron job. */
  readonly schemaOf?: { readonly [shape: string]: JsonSchema };
  /** Case, space, `_` and `-` are alike, as in plan names; the spec holds the spelling of `schema`. `retired` ones warn. */
  readonly loose?: { readonly retired: readonly string[] };
  /** A key that Blueprints do not have. */
  readonly ours?: true;
  /** A list of what has a name: something that it lacks is destroyed, and guarded like a delete. */
  readonly destroys?: true;
  /** Members of an object field that hold a `Value`. */
  readonly valueMembers?: readonly string[];
  /** Not a key of the block: the file stage fills it from another one (`groupLinks` from `envVars`, `service` of a domain). */
  readonly derived?: true;
  /** Steers how the plan treats the named list of entries; compared with nothing live. */
  readonly exclusiveOf?: string;
  /** Steers what trueup does (how often to rotate); with `onChange: "none"`, compared with nothing and no cause for a warning. */
  readonly setting?: true;
  /** A block with this key is reported as not managed; the reason why. */
  readonly unmanages?: string;
  /** The text (or each text of the list) names a resource of that kind: it is a need. */
  readonly refersTo?: KindName;
  /** Where the rest of the block decides whether the field means anything: a start command does nothing for an image. */
  readonly applies?: (spec: JsonObject) => boolean;
  /** The one form of several spellings of a value (`nginx` and its full name, two names of one plan): compared and digested. */
  readonly normal?: (value: Json) => Json;
  /** Where only some changes of an `update` field force a replacement: to or from a static site. */
  readonly replaces?: (desired: Json, live: Json) => boolean;
  /** Whether the platform moves the value by itself, as things are live; `undefined`: it does not. */
  readonly movedBy?: (desired: JsonObject, live: LiveSpec) => Mover | undefined;
  /** Whether live already is what the file asks, where no normal form can say so (a database name that gets a suffix). */
  readonly same?: (desired: Json, live: Json) => boolean;
};

/**
 * What of the platform moves a value. Where it only grows, the file's value is a `floor`: anything above it is what the
 * file asks. Where it goes up and down, the file's value is not compared. `because` follows the name of the field.
 */
export type Mover = { readonly as: "floor" | "free"; readonly because: string };

export type FieldTable = { readonly [field: string]: Field };

/**
 * One closed form of a block. A list of the file can hold several: an entry's shape is the one whose `when` agrees with
 * it, and only that shape is validated, so that messages are about the shape meant. `list` is the key of the file (at the
 * root, in an environment, or under `ungrouped`); `inside` is set when the block is a key of another kind's block.
 */
export type Shape = {
  readonly name: string;
  readonly description: string;
  readonly list: string;
  readonly inside?: string;
  /** Shapes of the block it stands inside that may have it; absent: all. */
  readonly insideShapes?: readonly string[];
  /** Natural key where it is not the block's `name`: the owner's name, or the entry, which is then a bare text. */
  readonly named?: "owner" | "itself";
  /** The place holds one block, not a list; this is its natural key. */
  readonly single?: string;
  /** Lists of free-standing blocks that this block may hold: those of an environment. */
  readonly holds?: readonly string[];
  /** A key that Blueprints do not have: a connected Blueprint would stop syncing. */
  readonly ours?: true;
  readonly when?: {
    readonly type?: readonly string[];
    readonly runtime?: readonly string[] | { readonly not: readonly string[] };
  };
};

/**
 * A rule that no schema of one field can say, over one normalised block whose fields are valid one by one. It answers with
 * the faults it finds; `field` is the key they are shown at.
 */
export type Rule = (block: {
  readonly shape: string;
  readonly name: string;
  readonly spec: JsonObject;
}) => readonly Fault[];
export type Fault = {
  readonly code: string;
  readonly severity: "error" | "warning" | "note";
  readonly field: string;
  readonly message: string;
  readonly remedy: string;
};
