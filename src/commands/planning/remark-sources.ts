import { eachDeclared } from "../../core/model/declared.ts";
import { fieldKey, whereIn, type DesiredState } from "../../core/model/desired.ts";
import { describeSource, findEmptySource } from "../../core/guards/empty-source.ts";
import type { Problem } from "../../core/base/problem.ts";
import { Secret } from "../../core/base/secret.ts";
import type { Value } from "../../core/model/value.ts";
import { fileKinds } from "../../providers/file-kinds.ts";
import type { Deps } from "../base/deps.ts";
import { makeSources, remarkLineBreaks } from "./sources.ts";

/**
 * What `validate` can say of the sources of values without a network: those that are there and empty, and variables that end
 * with a line break. A source that is not there is no remark: a fork has none of the secrets, and its file is right.
 */
export async function remarkSources(
  state: DesiredState,
  deps: Pick<Deps, "environment" | "folder" | "readFile">,
  isStrict: boolean,
): Promise<readonly Problem[]> {
  const sources = await makeSources({ replaceValues: false, allowEnv: [] }, deps, state);
  const fieldsOf = new Map(fileKinds.map(({ name, fields }) => [name, fields]));
  const empty = state.resources.flatMap((desired) =>
    eachDeclared(desired, fieldsOf.get(desired.kind) ?? {}).flatMap(({ name, field, entry, value }) => {
      const source = field.value ? (value as Value) : undefined;
      const what = source && describeSource(source);
      const found =
        source?.from === "environment"
          ? sources.environment(source.variable)
          : source?.from === "file"
            ? sources.file(source.path, source.raw)
            : undefined;
      if (!source || what === undefined || !(found instanceof Secret)) return [];
      const place = { address: desired.address, where: whereIn(desired, name, entry) };
      const remark = findEmptySource(source, found, { key: fieldKey(name, entry), what, ...place });
      return remark ? [remark] : [];
    }),
  );
  const severity = isStrict ? "error" : "warning";
  return [
    ...empty.map((one) => ({ ...one, severity }) as const),
    ...remarkLineBreaks(deps.environment, state),
  ];
}
