import type { PlanInput } from "../../commands/planning/plan-input.ts";
import type { StateSettings } from "../../core/model/desired.ts";
import type { Inputs } from "./inputs.ts";

/** A glob that is the name of no variable: without `allow-env` no variable of the job comes into a value. */
const noVariable = ["-"];

/** What the inputs say, as the commands take it. */
export function planSettings(inputs: Inputs): PlanInput {
  const { files, overlays, label, state, allowDeletes, allowEnv, allowDataLoss, allowReplace, adopt } =
    inputs;
  return {
    files,
    overlays,
    ...(label !== undefined && { label }),
    ...(state !== undefined && { chosenState: readChosenState(state) }),
    strictValues: false,
    ...(allowDeletes !== undefined && { allowDeletes }),
    allowDataLoss,
    allowReplace,
    adopt,
    replaceValues: false,
    allowEnv: allowEnv.length > 0 ? allowEnv : noVariable,
    targets: [],
    excludes: [],
  };
}

/** `git`, or `git:BRANCH`. */
function readChosenState(text: string): StateSettings {
  const [, branch] = text.split(":");
  return { backend: "git", ...(branch !== undefined && { branch }) };
}
