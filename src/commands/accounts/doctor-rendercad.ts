import { isObject } from "../../core/base/json.ts";
import { ProblemError } from "../../core/base/problem.ts";
import { Secret } from "../../core/base/secret.ts";
import { isPrivate } from "../../store/secrets/sign-ins.ts";
import type { Check } from "../../views/account/doctor.ts";
import { connect } from "./connect.ts";
import type { Deps } from "../base/deps.ts";
import { findRendercadToken } from "./rendercad-account.ts";
import { findSignIn, isVariableSet, signInsPath } from "./rendercad-token-store.ts";
import { stateWithout } from "./without-file.ts";

const name = "RENDERCAD";

/** Empty where the file declares nothing of RENDERCAD's and there is no sign-in: most people have no account there. */
export async function checkRendercad(deps: Deps, isDeclared: boolean): Promise<readonly Check[]> {
  const token = await findRendercadToken(deps);
  if (!(token instanceof Secret)) {
    const isWanted = isDeclared || token.code !== "no-rendercad-token";
    return isWanted ? [{ name, verdict: "failed", says: token.message, remedy: token.remedy }] : [];
  }
  const { readers } = await connect(deps, stateWithout(undefined), {}, new Set(["rendercad"]));
  const answer = await readers.rendercad.get("/auth.php?action=check");
  const user = isObject(answer) ? answer["user"] : undefined;
  const email = isObject(user) && typeof user["email"] === "string" ? user["email"] : "a user without e-mail";
  const works = `${isVariableSet(deps) ? "RENDERCAD_API_TOKEN" : "the sign-in"} works, for ${email}`;
  return [{ name, verdict: "fine", says: works }, ...(await checkSignIn(deps))];
}

/** Tells of a sign-in that the variable hides, because it is easily forgotten, and of a file of it that other users can read. */
async function checkSignIn(deps: Deps): Promise<readonly Check[]> {
  const path = signInsPath(deps.environment) ?? "";
  const signIn = await findSignIn(deps).catch((error: unknown) => {
    if (error instanceof ProblemError) return undefined;
    throw error;
  });
  if (!signIn) return [];
  if (!(await isPrivate(path))) {
    const remedy = `chmod 600 ${path}; if it was like that for long, sign out, revoke the token, and sign in again.`;
    return [{ name: "sign-in", verdict: "warning", says: `Others than you can read ${path}.`, remedy }];
  }
  const kept = `kept in the ${signIn.keptIn}`;
  const says = isVariableSet(deps) ? `${kept}, and not used: RENDERCAD_API_TOKEN wins over it` : kept;
  return [{ name: "sign-in", verdict: "fine", says }];
}
