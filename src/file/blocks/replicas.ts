import { isObject, type Json } from "../../core/base/json.ts";
import { type Draft, fieldNamed } from "../base/draft.ts";
import { referredKinds } from "../base/reference-forms.ts";
import type { Directory } from "./references.ts";

/**
 * Databases by the names of their read replicas. A reference can name a replica wherever it can name a database
 * (documented). Of two equal names the first counts.
 */
export function groupByReplica(declared: Directory["declared"]): Directory["replicas"] {
  const primaries = new Map<string, Draft>();
  for (const draft of [...(declared.get(referredKinds.database)?.values() ?? [])].flat())
    for (const name of replicaNames(draft)) if (!primaries.has(name)) primaries.set(name, draft);
  return primaries;
}

/** The names of the replicas of a database. A field of another form gives none: its schema has told what is wrong. */
function replicaNames(draft: Draft): readonly string[] {
  const replicas = fieldNamed(draft, draft.kind.replicas);
  if (replicas?.is !== "json" || !Array.isArray(replicas.value)) return [];
  return (replicas.value as readonly Json[]).flatMap((replica) =>
    isObject(replica) && typeof replica["name"] === "string" ? replica["name"] : [],
  );
}
