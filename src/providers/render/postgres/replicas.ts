import { isObject, sameJson, type Json, type JsonObject } from "../../../core/base/json.ts";
import { wordOf } from "../mapping.ts";

type Replica = { readonly name: string; readonly parameterOverrides?: JsonObject };

/** The read replicas of an answer, in the form of the file. */
export function replicasFromApi(value: unknown): Json {
  return objectsIn(value).map((replica) => {
    const { parameterOverrides: overrides } = replica;
    const isSet = isObject(overrides) && Object.keys(overrides).length > 0;
    return { name: wordOf(replica["name"]), ...(isSet && { parameterOverrides: overrides as JsonObject }) };
  });
}

/**
 * The list of replicas for a request. It holds all of them, since the API deletes a replica that the list lacks.
 * Parameters that the file does not name are sent as they are live: whether the API keeps those of a replica that is
 * named without them is not recorded.
 */
export function replicasToApi(value: Json, live: unknown): Json {
  const before = new Map(objectsIn(live).map((replica) => [replica["name"], replica["parameterOverrides"]]));
  return (objectsIn(value) as readonly Replica[]).map((replica) => {
    const kept = before.get(replica.name);
    return isObject(kept) ? { parameterOverrides: kept as JsonObject, ...replica } : replica;
  });
}

/**
 * Replicas are told apart by name, and their order means nothing (recorded: postgres). Parameters stand apart from the
 * names, so that those of a replica for which the file has none are left out of a comparison.
 */
export function normalReplicas(value: Json): Json {
  const replicas = objectsIn(value) as readonly Replica[];
  const declared = replicas.filter((replica) => replica.parameterOverrides !== undefined);
  return {
    names: replicas.map(({ name }) => name).sort(),
    parameters: Object.fromEntries(
      declared.map(({ name, parameterOverrides = {} }) => [name, normalParameters(parameterOverrides)]),
    ),
  };
}

/** Whether declared and live replicas are the same. A replica without parameters shows none in answers, which equals an empty map in the file. */
export function areSameReplicas(wanted: Json, live: Json): boolean {
  if (!isObject(wanted) || !isObject(live) || !isObject(wanted["parameters"])) return false;
  const present = isObject(live["parameters"]) ? live["parameters"] : {};
  return (
    sameJson(wanted["names"], live["names"]) &&
    Object.entries(wanted["parameters"]).every(([name, parameters]) =>
      sameJson(parameters, present[name] ?? []),
    )
  );
}

/** Parameters in one order, for comparison. The map is written and compared as a whole: a live parameter that it lacks is removed. */
export function normalParameters(value: Json): Json {
  if (!isObject(value)) return value;
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}

function objectsIn(value: unknown): readonly { readonly [member: string]: unknown }[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
