import type { Address } from "../base/address.ts";
import { holesOf } from "../model/body.ts";
import type { Write } from "../model/write.ts";

/** The addresses in the path and the body of a write. `field`: the output, where a value of that resource is sent. */
export function targetsOf(write: Write): readonly { readonly address: Address; readonly field?: string }[] {
  const inPath = [...write.path.matchAll(/\{([^{}#]+)(?:#[^{}]*)?\}/g)].map((match) => ({
    address: match[1] as Address,
  }));
  const inBody = holesOf(write.body).flatMap((hole) => {
    if (hole.hole === "id") return [{ address: hole.of }];
    if (hole.hole === "list" || hole.hole === "successor-name" || hole.hole === "aside-name") return [];
    const values = hole.hole === "value" ? [hole.value] : Object.values(hole.set);
    return values.flatMap((value) =>
      value.from === "output" ? [{ address: value.of, field: value.output }] : [],
    );
  });
  return [...inPath, ...inBody];
}
