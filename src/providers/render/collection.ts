import type { Address } from "../../core/base/address.ts";
import type { ResourceChange } from "../../core/model/change.ts";
import type { Desired } from "../../core/model/desired.ts";
import { eachDeclared } from "../../core/model/declared.ts";
import type { FieldTable } from "../../core/model/field.ts";
import type { BudgetName } from "../../core/model/budget.ts";
import type { Created, Scope } from "../../core/kind/scope.ts";
import type { Query, Reader } from "../../core/kind/reader.ts";
import { type Write, type WriteDraft, type Body, draft } from "../../core/model/write.ts";
import { budgets } from "./budgets.ts";
import { merge, writeFields, type ApiObject, type BodyObject, type Mappings } from "./mapping.ts";
import { asObject, textOf } from "./names.ts";

/** The calls for objects of one collection of the API: `POST path`, `PATCH path/id` and so on. */
export type Collection = {
  /** Reads one object by its id; `undefined` when there is none. */
  readonly get: (reader: Reader, id: string) => Promise<ApiObject | undefined>;
  /** Reads all objects of a workspace. `envelope` is the member in which each item of a page stands; null: the answer is a plain array. */
  readonly list: (
    reader: Reader,
    scope: Scope,
    envelope: string | null,
    query?: Query,
  ) => Promise<readonly ApiObject[]>;
  /** The call that makes an object; `fields` are those that its body carries. */
  readonly create: (body: Body, fields: readonly string[], budget?: readonly BudgetName[]) => WriteDraft;
  /** The same with all fields that the file declares. `base` has further members, and values of fields that are not declared. */
  readonly createDeclared: (
    desired: Desired,
    kind: { readonly fields: FieldTable; readonly mappings: Mappings },
    base: BodyObject,
  ) => WriteDraft;
  /** The call that changes an object. */
  readonly patch: (address: Address, body: Body, fields: readonly string[]) => WriteDraft;
  /** One PATCH with the changed fields that `mappings` can write; no draft when there are none. */
  readonly update: (
    desired: Desired,
    change: ResourceChange,
    mappings: Mappings,
    live?: ApiObject,
  ) => readonly WriteDraft[];
  /** The call that gives the object another name. */
  readonly rename: (address: Address, name: Body) => WriteDraft;
  /** The call that deletes the object. */
  readonly remove: (address: Address) => readonly WriteDraft[];
  /** The id of the new object in the answer to `create`. */
  readonly created: (answer: unknown) => Created;
};

/** The calls of the collection at a path: `/postgres`. */
export function collectionAt(path: string): Collection {
  const write = (method: Write["method"], target: string, body?: Body): Write => ({
    method,
    path: target,
    ...(body !== undefined && { body }),
    budgets: budgets.write,
  });
  const patch: Collection["patch"] = (address, body, fields) =>
    draft("settings", write("PATCH", `${path}/{${address}}`, body), fields);
  const create: Collection["create"] = (body, fields, budget = budgets.write) =>
    draft("resource", { ...write("POST", path, body), budgets: budget }, fields);
  return {
    async get(reader, id) {
      const answer = await reader.get(`${path}/${encodeURIComponent(id)}`);
      return answer === undefined ? undefined : asObject(answer, path);
    },
    async list(reader, { ownerId }, envelope, query = {}) {
      const items = await reader.list(path, { ownerId, ...query }, envelope);
      return items.map((item) => asObject(item, path));
    },
    create,
    createDeclared(desired, { fields, mappings }, base) {
      const body = merge(base, writeFields(mappings, desired.spec, Object.keys(mappings)));
      return create(
        body,
        eachDeclared(desired, fields).map(({ name }) => name),
      );
    },
    patch,
    update(desired, change, mappings, live) {
      const changed = new Set(change.fields.map(({ field }) => field).filter((field) => field in mappings));
      if (changed.size === 0) return [];
      return [patch(desired.address, writeFields(mappings, desired.spec, changed, live), [...changed])];
    },
    rename: (address, name) => draft("name", write("PATCH", `${path}/{${address}}`, { name }), []),
    remove: (address) => [draft("resource", write("DELETE", `${path}/{${address}}`), [])],
    created: (answer) => ({ id: textOf(asObject(answer, path), "id", path) }),
  };
}
