import { isObject, type Json } from "../../core/base/json.ts";
import { type Draft, fieldNamed } from "../base/draft.ts";
import { referredKinds } from "../base/reference-forms.ts";
import type { Directory } from "./references.ts";

/** Databases by the names of their read replicas, the first of equal names: each can be used like a database's (documented). */
export function groupByReplica(declared: Directory["declared"]): Directory["replicas"] {
  const owners = new Map<string, Draft>();
  for (const draft of [...(declared.get(referredKinds.database)?.values() ?? [])].flat())
    for (const name of replicaNames(draft)) if (!owners.has(name)) owners.set(name, draft);
  return owners;
}

/** The field may hold anything here: its schema has told what is wrong with it, and assembling goes on. */
function replicaNames(draft: Draft): readonly string[] {
  const replicas = fieldNamed(draft, draft.kind.replicas);
  if (replicas?.is !== "json" || !Array.isArray(replicas.value)) return [];
  return (replicas.value as readonly Json[]).flatMap((replica) =>
    isObject(replica) && typeof replica["name"] === "string" ? replica["name"] : [],
  );
}
