import type { Address } from "../../core/base/address.ts";
import { joinAnswers } from "../../core/consent/answers.ts";
import type { Answered, Approval } from "../../core/planning/approval.ts";
import { hasWork, type Plan } from "../../core/model/plan.ts";
import { problem, ProblemError, type Problem } from "../../core/base/problem.ts";
import type { Secret } from "../../core/base/secret.ts";
import type { Deps } from "../base/deps.ts";
import { runBy } from "../base/lock.ts";
import type { Planned } from "../planning/planned.ts";

/** Whether everything that a plan is refused for is answered by a person who types what stands under it. */
export function canBeTyped(plan: Plan): boolean {
  return hasWork(plan) && joinAnswers(plan.refusals).word !== undefined;
}

/** `word` agrees to a plan without refusals. Nobody there is a refusal where something is refused, else an error. */
export async function askAgreement(
  planned: Planned,
  word: string,
  deps: Deps,
): Promise<Planned | "refused" | "declined"> {
  const { refusals } = planned.plan;
  const answer = await deps.confirm(joinWords(word, joinAnswers(refusals).word));
  if (answer === "no") return "declined";
  if (answer === "yes") return askValues(planned, deps);
  if (refusals.length > 0) return "refused";
  throw new ProblemError([cannotAsk()]);
}

/** The addresses whose data ends are typed as well as whatever else agrees to the plan: `3 render/postgres/main`. */
function joinWords(word: string, typed: string | undefined): string {
  if (typed === undefined || typed === "yes") return word;
  return word === "yes" ? typed : `${word} ${typed}`;
}

/** What is kept of it, for a run that ends early. */
export function noteAgreement(plan: Plan, run: string, deps: Deps): Omit<Approval, "choices"> {
  const answered = plan.refusals.map(nameRefusal);
  return { run, at: new Date(deps.world.now()).toISOString(), by: runBy(deps), plan, answered };
}

function nameRefusal({ code, address }: Problem): Answered {
  return { code, ...(address !== undefined && { address }) };
}

/** A plan that only brings the inventory up to date asks nobody. */
export function hasWrites(plan: Plan): boolean {
  return plan.steps.some(
    (step) => step.step === "write" || (step.step === "record" && step.verb === "adopt"),
  );
}

/** Hidden input for every `sync: false` variable that nobody gave a value for; skipped ones stay noted. */
async function askValues(planned: Planned, deps: Deps): Promise<Planned> {
  const answers = new Map<string, Secret>();
  for (const change of planned.plan.changes) {
    for (const note of change.notes) {
      if (note.note !== "needs-value") continue;
      const value = await deps.askValue(change.address, note.entry);
      if (value) answers.set(`${change.address} ${note.entry}`, value);
    }
  }
  if (answers.size === 0) return planned;
  const { sources } = planned;
  const asked = (address: Address, entry: string): Secret | undefined =>
    answers.get(`${address} ${entry}`) ?? sources.asked(address, entry);
  return { ...planned, sources: { ...sources, asked } };
}

function cannotAsk(): Problem {
  return problem(
    "error",
    "not-confirmed",
    "There is no terminal to confirm on, so nothing was applied.",
    "Look at the plan, then run again with --yes.",
  );
}
