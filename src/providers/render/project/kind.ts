import type { Kind } from "../../../core/kind/kind.ts";
import type { Found } from "../../../core/model/live.ts";
import { collectionAt } from "../collection.ts";
import { environmentBody } from "../environment/kind.ts";
import { findProjects, listProjects } from "../environment/list.ts";
import type { ApiObject } from "../mapping.ts";
import { asObject, textOf } from "../names.ts";
import { projectFields, projectShapes } from "./fields.ts";

const path = "/projects";
const calls = collectionAt(path);

/** A project. One call makes it together with its environments; later, environments have calls of their own. */
export const project: Kind = {
  name: "render/project",
  noun: "project",
  provider: "render",
  managed: true,
  shapes: projectShapes,
  fields: projectFields,
  dataBearing: false,
  unique: "none",
  deferrable: [],

  async list(reader, scope) {
    return (await listProjects(reader, scope)).map(foundOf);
  },

  async findByName(reader, scope, names) {
    return (await findProjects(reader, scope, names)).map(foundOf);
  },

  async findById(reader, id) {
    const item = await calls.get(reader, id);
    return item && foundOf(item);
  },

  facets: {},
  // Render would delete empty environments together with the project (recorded), whoever made them.
  contains: ({ raw }) =>
    Array.isArray(raw["environmentIds"]) ? (raw["environmentIds"] as readonly string[]) : [],
  output: async () => undefined,

  refuseCreate(desired, _scope, carried) {
    if (carried.length > 0) return [];
    const message = `${desired.address} has no environment, and Render's API makes no project without one.`;
    return [{ code: "no-environment", message, remedy: "Add one below `environments`." }];
  },

  create(desired, scope, _deferred, carried) {
    const body = { name: desired.name, ownerId: scope.ownerId, environments: carried.map(environmentBody) };
    return [calls.create(body, [])];
  },

  update: () => [],
  remove: calls.remove,

  /** The answer has only the ids of the environments, in the order in which they were made (recorded: project). */
  created(answer, carried) {
    const made = asObject(answer, path);
    const ids = Array.isArray(made["environmentIds"]) ? made["environmentIds"] : [];
    const pairs = carried.flatMap((one, index) => {
      const id: unknown = ids[index];
      return typeof id === "string" ? [[one.address, id] as const] : [];
    });
    return { id: textOf(made, "id", path), carried: Object.fromEntries(pairs) };
  },

  rename: ({ address, name }) => calls.rename(address, name),

  summary: () => "",
};

function foundOf(item: ApiObject): Found {
  return { id: textOf(item, "id", path), name: textOf(item, "name", path), spec: {}, outputs: {}, raw: item };
}
