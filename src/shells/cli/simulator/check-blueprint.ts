import { readDesired } from "../../../file/blocks/desired.ts";
import { fileKinds } from "../../../providers/file-kinds.ts";
import type { BlueprintCheck } from "../../../simulator/base/world.ts";

/**
 * What `POST /blueprints/validate` of the simulator answers of a file: trueup's own file stage, which the simulator may not
 * import. `path` is what the problem is about, where it is about one resource.
 */
export const checkBlueprint: BlueprintCheck = (text) => {
  const today = new Date().toISOString().slice(0, 10);
  const { state, problems } = readDesired([{ name: "render.yaml", text }], { kinds: fileKinds, today });
  const declared = (kind: string): string[] =>
    (state?.resources ?? []).filter((desired) => desired.kind === kind).map(({ name }) => name);
  return {
    problems: problems
      .filter(({ severity }) => severity === "error")
      .map(({ address, message, remedy, where }) => ({
        path: address ?? "",
        error: `${message} ${remedy}`.trim(),
        line: where?.line ?? 1,
        column: where?.column ?? 1,
      })),
    declared: {
      services: declared("render/service"),
      databases: declared("render/postgres"),
      keyValue: declared("render/key-value"),
      envGroups: declared("render/env-group"),
    },
  };
};
