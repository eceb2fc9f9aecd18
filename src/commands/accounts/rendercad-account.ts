import { isObject } from "../../core/base/json.ts";
import type { Reader } from "../../core/kind/reader.ts";
import { problem, ProblemError, type Problem } from "../../core/base/problem.ts";
import { Secret } from "../../core/base/secret.ts";
import type { Deps } from "../base/deps.ts";
import { readStoredToken } from "./rendercad-token-store.ts";

/** RENDERCAD_API_TOKEN, else what `login rendercad` kept; a problem where there is neither, or it cannot be had. */
export async function findRendercadToken(deps: Deps): Promise<Secret | Problem> {
  const token = deps.environment["RENDERCAD_API_TOKEN"]?.trim();
  if (token !== undefined && token !== "") return new Secret(token);
  try {
    const stored = await readStoredToken(deps);
    if (stored) return stored;
  } catch (error) {
    const [found] = error instanceof ProblemError ? error.problems : [];
    if (found) return found;
    throw error;
  }
  return problem(
    "error",
    "no-rendercad-token",
    "There is no API token for RENDERCAD.",
    "Sign in with trueup login rendercad, or set RENDERCAD_API_TOKEN (RENDERCAD, Settings, API Tokens; it needs full-access to change anything).",
  );
}

/** Whose token it is, by the id that RENDERCAD numbers its users with. Costs one read that no limit counts (documented). */
export async function findRendercadUser(reader: Reader): Promise<string> {
  const answer = await reader.get("/auth.php?action=check");
  const user = isObject(answer) && answer["authenticated"] === true ? answer["user"] : undefined;
  const id = isObject(user) ? user["id"] : undefined;
  if (typeof id === "number" || (typeof id === "string" && id !== "")) return String(id);
  throw new ProblemError([
    problem(
      "error",
      "unexpected-answer",
      "GET /auth.php?action=check did not say whose token it is.",
      "Check RENDERCAD_HOST and RENDERCAD_API_TOKEN; if they are right, report this.",
    ),
  ]);
}
