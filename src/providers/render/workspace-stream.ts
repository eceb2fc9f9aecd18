import { valueHole } from "../../core/model/body.ts";
import type { BudgetName } from "../../core/model/budget.ts";
import type { Desired, Spec } from "../../core/model/desired.ts";
import type { FieldTable } from "../../core/model/field.ts";
import type { Kind } from "../../core/kind/kind.ts";
import type { Reader } from "../../core/kind/reader.ts";
import type { WriteDraft } from "../../core/model/write.ts";
import type { Found, LiveSpec } from "../../core/model/live.ts";
import type { Value } from "../../core/model/value.ts";
import { draft } from "./collection.ts";
import { readFields, wordOf, writeFields, type Mappings } from "./mapping.ts";
import { asObject } from "./names.ts";

type StreamParts = Pick<Kind, "name" | "noun" | "shapes" | "fields"> & {
  /** The workspace's id stands behind it. */
  readonly path: string;
  readonly budgets: readonly BudgetName[];
  readonly mappings: Mappings;
  /** Member, of the spec and of the answer alike, that says where it leads: none when it is empty. */
  readonly target: string;
  /** What a call says of a field that neither the file nor the live stream has. */
  readonly defaults: Spec;
};

/** Where something of a whole workspace is sent; there is one or none, and one PUT makes and changes it (recorded). */
export function makeWorkspaceStream(parts: StreamParts): Kind {
  const { name, noun, shapes, path, budgets, mappings, target, defaults } = parts;
  const fields: FieldTable = { ...parts.fields, token: { ...parts.fields["token"]!, writeOnly: true } };

  /** The call replaces everything, so the token goes along each time (recorded), and what the file does not say is as it is live. */
  const putDraft = ({ spec, address }: Desired, part: string, owner: string, live: LiveSpec): WriteDraft => {
    const token = spec["token"] as Value | undefined;
    const names = Object.keys(mappings);
    const whole = names.map((field) => [field, spec[field] ?? live[field] ?? defaults[field]]);
    const settings = writeFields(mappings, Object.fromEntries(whole) as Spec, names);
    const body = { ...settings, ...(token && { token: valueHole(token, address, "token") }) };
    const written = Object.keys(fields).filter((field) => spec[field] !== undefined);
    return draft(part, { method: "PUT", path: `${path}/${owner}`, body, budgets }, written);
  };

  /** 404, or an empty target, when there is none: no recording has an unset one. */
  const find = async (reader: Reader, ownerId: string): Promise<readonly Found[]> => {
    const answer = await reader.get(`${path}/${encodeURIComponent(ownerId)}`);
    const raw = answer === undefined ? {} : asObject(answer, path);
    if (wordOf(raw[target]) === "") return [];
    return [{ id: ownerId, name: "workspace", spec: readFields(mappings, raw), outputs: {}, raw }];
  };

  return {
    name,
    noun,
    fixedName: "a workspace has one of it",
    provider: "render",
    managed: true,
    shapes,
    fields,
    dataBearing: false,
    unique: "name",
    deferrable: [],
    list: (reader, scope) => find(reader, scope.ownerId),
    findByName: (reader, scope) => find(reader, scope.ownerId),
    findById: async (reader, id) => (await find(reader, id))[0],
    facets: {},
    output: async () => undefined,
    refuseCreate: () => [],
    create: (desired, scope) => [putDraft(desired, "resource", scope.ownerId, {})],
    update: (desired, change, live) =>
      change.fields.length === 0
        ? []
        : [putDraft(desired, "settings", `{${desired.address}}`, live.found.spec)],
    remove: (address) => [draft("resource", { method: "DELETE", path: `${path}/{${address}}`, budgets }, [])],
    created: (_answer, _carried, sent) => ({ id: decodeURIComponent(sent.slice(path.length + 1)) }),
    summary: (spec) => `to ${wordOf(spec[target])}`,
  };
}
