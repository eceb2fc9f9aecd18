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
 * All facts about one key of a block, said in one place: the schema, the diff, the reads and the writes derive from it.
 *
 * - `facet` names the calls that read and write the field: a facet that no declared field needs is not read, one without
 *   a change is not written.
 * - `shapes` limits the field to some shapes of its kind (absent: all of them), `required` names those whose block must
 *   have it.
 * - `entries` marks a list of which each entry is owned by itself: the spec has it as a map by entry key.
 * - `value` marks a field (or entries) whose content is a `Value`.
 * - `deploys`: a change takes effect with the next deploy only, so the plan adds one.
 * - `noApi`: why no API has the field, where `onChange` is `none`.
 */
export type Field = {
  /** One or two sentences for people: in the published schema, and in messages. */
  readonly description: string;
  readonly schema: JsonSchema;
  readonly facet: string;
  readonly onChange: OnChange;
  readonly shapes?: readonly string[];
  readonly required?: readonly string[];
  /**
   * `key`: the members of an item that make its key, joined by a space; none where the item, a text, is its own key. A list
   * that is `ordered`, such as routes, stays a list in the spec.
   */
  readonly entries?: {
    readonly key: readonly string[];
    readonly ordered?: true;
    /** Field of the live spec that lists entries which came with the object: not told as missing in the file, not exported. */
    readonly cameWith?: string;
  };
  readonly value?: true;
  /** Member of an item that is a text, or the public address of another resource: in the spec a `Value` with an output then. */
  readonly addressMember?: string;
  /** No API shows the value again, so the digest of what was last sent stands for what is live. */
  readonly writeOnly?: true;
  readonly deploys?: true;
  readonly noApi?: string;
  /** Members of the object that no API has: they are left out of the spec, with one warning. */
  readonly noApiMembers?: readonly string[];
  /** By shape, the schema of a shape that allows less than `schema`: the plans of a cron job. */
  readonly schemaOf?: { readonly [shape: string]: JsonSchema };
  /**
   * Words whose case, spaces, `_` and `-` do not matter, as in plan names: `Pro_Plus` is `pro plus`, which is how `schema`
   * and the spec spell it. `retired` words are still taken, with a warning.
   */
  readonly loose?: { readonly retired: readonly string[] };
  /** The key is trueup's own: Blueprints do not have it. */
  readonly ours?: true;
  /** A list of objects with names (read replicas): one that the list no longer has is destroyed, and guarded like a delete. */
  readonly destroys?: true;
  /** Members of the object that hold a `Value`. */
  readonly valueMembers?: readonly string[];
  /** Not a key of the block: the file stage fills it from another one (`groupLinks` from `envVars`, `service` of a domain). */
  readonly derived?: true;
  /** The list of entries that this switch makes exclusive: `envVars` of `envVarsExclusive`. It is compared with nothing live. */
  readonly exclusiveOf?: string;
  /** The field steers trueup itself (how often to rotate): its `onChange` is `none`, and that is no cause for a warning. */
  readonly setting?: true;
  /** Why a block that has this key is not managed, but only reported. */
  readonly unmanages?: string;
  /** The kind of the resource that the text (or each text of the list) names; the block then needs that resource. */
  readonly refersTo?: KindName;
  /** Whether the field means anything beside the rest of the block: a start command does nothing for an image. Absent: always. */
  readonly applies?: (spec: JsonObject) => boolean;
  /** The normal form of a value, for several spellings of it (`nginx` and its full name): this is compared and digested. */
  readonly normal?: (value: Json) => Json;
  /** Whether this change of an `update` field forces a replacement, which others do not: to or from a static site. */
  readonly replaces?: (desired: Json, live: Json) => boolean;
  /** What of the platform moves the value by itself, as things are live: storage autoscaling. `undefined`: nothing. */
  readonly movedBy?: (desired: JsonObject, live: LiveSpec) => Mover | undefined;
  /** What an export writes of a live value, where that is not all of it: an image without the digest that its tag stood for. */
  readonly exported?: (live: Json) => Json;
  /** Whether live is what the file asks, for what no normal form can tell: a database name that gets a suffix. */
  readonly same?: (desired: Json, live: Json) => boolean;
};

/**
 * What of the platform moves a value by itself. `floor`: it makes the value grow only, so anything above the file's value is
 * what the file asks. `free`: it moves the value up and down, so the file's is not compared. `part`: it adds something to the
 * value, and all that the file says of it is so. `because` is told after the name of the field: "storage autoscaling is on".
 */
export type Mover = { readonly as: "floor" | "free" | "part"; readonly because: string };

/** All fields of a kind, by the key that the block has for them. */
export type FieldTable = { readonly [field: string]: Field };

/**
 * One closed form of a block. A list of the file can hold several: an entry's shape is the one whose `when` agrees with
 * it, and only that shape is validated, so that messages are about the shape meant. `list` is the key of the file (at the
 * root, in an environment, or under `ungrouped`); `inside` is set when the block is a key of another kind's block.
 */
export type Shape = {
  readonly name: string;
  /** What people call a block of it: `web service`. */
  readonly description: string;
  readonly list: string;
  readonly inside?: string;
  /** Shapes of the block it stands inside that may have it; absent: all. */
  readonly insideShapes?: readonly string[];
  /** Where the natural key comes from, if not from the block's `name`: the name of its host, or the block `itself`, a bare text. */
  readonly named?: "host" | "itself";
  /** The natural key, where the place holds one block and not a list. */
  readonly single?: string;
  /** Keys of the lists of other blocks that this block may hold: an environment holds `services`. */
  readonly holds?: readonly string[];
  /** The key is trueup's own: a Blueprint that is connected to the file would stop syncing. */
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
/** What a rule found wrong in a block, at one of its fields. */
export type Fault = {
  /** One of the codes of the file stage (`file/base/codes.ts`). */
  readonly code: string;
  readonly severity: "error" | "warning" | "note";
  readonly field: string;
  /** The entry of a list that it is about, by its key: `PORT` of `envVars`. */
  readonly entry?: string;
  readonly message: string;
  readonly remedy: string;
};
