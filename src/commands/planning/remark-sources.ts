import { valuesDeclared } from "../../core/model/declared.ts";
import { whereIn, type Desired, type DesiredState } from "../../core/model/desired.ts";
import { describeSource, findEmptySource } from "../../core/guards/empty-source.ts";
import { closest } from "../../core/base/text.ts";
import { problem, type Problem } from "../../core/base/problem.ts";
import { Secret } from "../../core/base/secret.ts";
import type { Value } from "../../core/model/value.ts";
import { fileKinds } from "../../providers/file-kinds.ts";
import type { Deps } from "../base/deps.ts";
import { makeSources, remarkLineBreaks } from "./sources.ts";

const fieldsOf = new Map(fileKinds.map(({ name, fields }) => [name, fields]));

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
  const empty = state.resources.flatMap((desired) =>
    valuesDeclared(desired, fieldsOf.get(desired.kind)).flatMap(({ key, name, entry, value }) => {
      const what = describeSource(value);
      const found =
        value.from === "environment"
          ? sources.environment(value.variable)
          : value.from === "file"
            ? sources.file(value.path, value.raw)
            : undefined;
      if (what === undefined || !(found instanceof Secret)) return [];
      const place = { address: desired.address, where: whereIn(desired, name, entry) };
      const remark = findEmptySource(value, found, { key, what, ...place });
      return remark ? [remark] : [];
    }),
  );
  const severity = isStrict ? "error" : "warning";
  return [
    ...empty.map((one) => ({ ...one, severity }) as const),
    ...remarkLineBreaks(deps.environment, state),
  ];
}

/**
 * A warning for each key of `--values` that no `sync: false` entry has, so that a secret with a typing error in its name is not
 * missing in silence. `given`: `KEY`, or `ADDRESS KEY` for one resource.
 */
export function remarkValues(given: readonly string[], state: DesiredState): readonly Problem[] {
  if (given.length === 0) return [];
  const entries = state.resources.flatMap((desired) => entriesOf(desired));
  const asked = entries.filter(({ from }) => from === "asked");
  const known = new Set(asked.flatMap(({ address, key }) => [key, `${address} ${key}`]));
  return given
    .filter((one) => !known.has(one))
    .map((one) => {
      const [key = "", address] = one.split(" ").toReversed();
      const other = entries.find(
        (entry) => entry.key === key && (address ?? entry.address) === entry.address,
      );
      const message = other
        ? `--values has ${one}, and ${key} of ${other.address} is not \`sync: false\`: the file says where it comes from.`
        : `--values has ${one}, and no block has a \`sync: false\` entry of that name.`;
      const near = closest(one, [...known]);
      const remedy = other
        ? "Write `sync: false` there, or take the line out."
        : near === undefined
          ? "Correct the name, or take the line out."
          : `Did you mean ${near}?`;
      return problem("warning", "values-unused", message, remedy);
    });
}

type Entry = { readonly address: string; readonly key: string; readonly from: Value["from"] };

function entriesOf(desired: Desired): readonly Entry[] {
  return valuesDeclared(desired, fieldsOf.get(desired.kind)).map(({ name, entry, value }) => ({
    address: desired.address,
    key: entry ?? name,
    from: value.from,
  }));
}
