import { makeAddress, type KindName } from "../../src/core/base/address.ts";
import {
  defaultLifecycle,
  defaultSettings,
  type Desired,
  type DesiredState,
  type Spec,
} from "../../src/core/model/desired.ts";

/** A resource as a file declares it, for an account that is made from a file; `more` has what is not the usual. */
export function makeDesired(kind: KindName, name: string, spec: Spec, more: Partial<Desired> = {}): Desired {
  return {
    address: makeAddress(kind, name),
    kind,
    name,
    spec,
    lifecycle: defaultLifecycle,
    where: { file: "trueup.yaml", line: 1, column: 1 },
    places: new Map(),
    needs: [],
    ...more,
  };
}

/** A file with nothing but these resources. */
export function makeState(...resources: readonly Desired[]): DesiredState {
  return {
    resources,
    targets: [],
    settings: defaultSettings,
    moved: [],
    removed: [],
    notManaged: [],
    problems: [],
    files: [],
  };
}
