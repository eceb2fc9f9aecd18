import { defaultSettings, type DesiredState } from "../../core/model/desired.ts";

/** Commands that need no file have the settings of an empty one. */
export function stateWithout(workspace: string | undefined): DesiredState {
  const settings = { ...defaultSettings, ...(workspace !== undefined && { workspace }) };
  return {
    resources: [],
    targets: [],
    settings,
    moved: [],
    removed: [],
    notManaged: [],
    problems: [],
    files: [],
  };
}
