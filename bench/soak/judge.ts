import { judgeAsDeclared } from "./judge/as-declared.ts";
import { judgeDoubles } from "./judge/doubles.ts";
import { judgeEnds } from "./judge/ends.ts";
import type { Evidence, Wrong } from "./judge/evidence.ts";
import { judgeLeftAlone } from "./judge/left-alone.ts";
import { judgeSecrets } from "./judge/secrets.ts";
import { judgeTokens } from "./judge/tokens.ts";
import { judgeValues } from "./judge/values.ts";

/**
 * Says what is wrong with a round. It reads the simulator's rows and the model of the files, both JSON, and shares no code
 * with the program, so that it cannot be wrong in the same way. Its rules:
 *
 * 1. What no file declared is untouched, but for what somebody else did: objects, variables, secret files, headers, routes.
 * 2. Nothing is there twice.
 * 3. No database, persistent Key Value instance or disk ends without a consent of this round; nothing that the file has goes.
 * 4. Generated values and those of `sync: false` neither change nor vanish.
 * 5. A RENDERCAD token that was delivered works, or the one that took its place.
 * 6. After a calm round the rows are what the files say, and a second run writes nothing.
 * 7. No secret stands in state, output or events.
 */
export function judge(evidence: Evidence): readonly Wrong[] {
  return [
    ...judgeLeftAlone(evidence),
    ...judgeDoubles(evidence),
    ...judgeEnds(evidence),
    ...judgeValues(evidence),
    ...judgeTokens(evidence),
    ...judgeAsDeclared(evidence),
    ...judgeSecrets(evidence),
  ];
}
