import type { BudgetName } from "../../core/model/budget.ts";
import type { Desired, Spec } from "../../core/model/desired.ts";
import type { FieldTable } from "../../core/model/field.ts";
import type { Kind } from "../../core/kind/kind.ts";
import type { Reader } from "../../core/kind/reader.ts";
import { type WriteDraft, valueHole, draft } from "../../core/model/write.ts";
import type { Found, LiveSpec } from "../../core/model/live.ts";
import type { Value } from "../../core/model/value.ts";
import { readFields, wordOf, writeFields, type Mappings } from "./mapping.ts";
import { asObject } from "./names.ts";

type StreamParts = Pick<Kind, "name" | "noun" | "shapes" | "fields"> & {
  /** The path of the API, behind which the workspace's id stands. */
  readonly path: string;
  readonly budgets: readonly BudgetName[];
  readonly mappings: Mappings;
  /** The member that says where the stream leads, with the same name in the file and in answers. Empty means that there is no stream. */
  readonly target: string;
  /** The values to send for fields that neither the file nor the live stream has. */
  readonly defaults: Spec;
};

/**
 * The kind of a stream of a whole workspace: its logs or its metrics are sent somewhere. A workspace has one or none, and the
 * same PUT makes it and changes it (recorded).
 */
export function makeWorkspaceStream(parts: StreamParts): Kind {
  const { name, noun, shapes, path, budgets, mappings, target, defaults } = parts;
  const fields: FieldTable = { ...parts.fields, token: { ...parts.fields["token"]!, writeOnly: true } };

  /** The PUT. It replaces all members (recorded), so the token is always in it, and fields that the file does not say are sent as they are live. */
  const putDraft = ({ spec, address }: Desired, part: string, owner: string, live: LiveSpec): WriteDraft => {
    const token = spec["token"] as Value | undefined;
    const names = Object.keys(mappings);
    const whole = names.map((field) => [field, spec[field] ?? live[field] ?? defaults[field]]);
    const settings = writeFields(mappings, Object.fromEntries(whole) as Spec, names);
    const body = { ...settings, ...(token && { token: valueHole(token, address, "token") }) };
    const written = Object.keys(fields).filter((field) => spec[field] !== undefined);
    return draft(part, { method: "PUT", path: `${path}/${owner}`, body, budgets }, written);
  };

  /** The stream if there is one. Without one the API may answer 404 or an empty target: no recording shows which. */
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
    reusesIds: true,
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
