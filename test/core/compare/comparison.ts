import { makeDigestKey } from "../../../src/core/base/digest.ts";
import type { Comparison } from "../../../src/core/compare/comparison.ts";
import { defaultLifecycle, type Desired, type Spec } from "../../../src/core/model/desired.ts";

/** One service of the file, beside what the inventory remembers of its fields (absent: it is not owned). */
export function comparisonOf(
  spec: Spec,
  {
    fields,
    ...more
  }: { readonly fields?: { readonly [key: string]: string } } & Partial<
    Pick<Comparison, "resolved" | "isRewritten">
  > = {},
): Comparison {
  const desired: Desired = {
    address: "render/service/api",
    kind: "render/service",
    name: "api",
    spec,
    lifecycle: defaultLifecycle,
    where: { file: "trueup.yaml", line: 1, column: 1 },
    places: new Map(),
    needs: [],
  };
  const owned = fields && { kind: desired.kind, id: "srv-1", name: "api", fields, needs: [], protect: false };
  return { desired, owned, resolved: new Map(), key: makeDigestKey("55".repeat(32)), ...more };
}
