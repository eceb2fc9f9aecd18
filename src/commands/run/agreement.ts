import type { Address } from "../../core/base/address.ts";
import { joinAnswers } from "../../core/consent/answers.ts";
import type { Answered } from "../../core/planning/approval.ts";
import type { Plan } from "../../core/model/plan.ts";
import { problem, ProblemError, type Problem } from "../../core/base/problem.ts";
import type { Secret } from "../../core/base/secret.ts";
import type { Writers } from "../../http/client.ts";
import type { Deps } from "../base/deps.ts";
import { runBy } from "../base/lock.ts";
import type { Planned } from "../planning/plan-account.ts";
import type { KeptApproval } from "./approval-file.ts";
import type { Run } from "./begin-run.ts";
import type { Offer } from "./offer.ts";
import type { Terms } from "./terms.ts";

/** The answer to an offer. With `agreed` come the objects that can write, and the plan with the values that were typed. */
export type Agreed =
  | { readonly answer: "agreed"; readonly planned: Planned; readonly writers: Writers }
  | { readonly answer: "refused" }
  | { readonly answer: "declined" };

/**
 * Opens the writers and asks for agreement, if nothing was agreed to before and the plan writes to an account. Throws a
 * `ProblemError` before anybody is asked when this process may not write, and when there is no terminal to ask on.
 */
export async function agree(
  { planned, word }: Offer,
  { isAgreed }: Pick<Terms, "isAgreed">,
  deps: Deps,
): Promise<Agreed> {
  const writers = planned.access.connection.openWriters();
  if (isAgreed || !hasWrites(planned.plan)) return { answer: "agreed", planned, writers };
  const asked = await askAgreement(planned, word, deps);
  return typeof asked === "string" ? { answer: asked } : { answer: "agreed", planned: asked, writers };
}

/** What is kept before the first write, so that a later run can carry this one on. None where one is carried on already. */
export function noteApproval(
  plan: Plan,
  { offer: { goes }, terms, run }: { readonly offer: Offer; readonly terms: Terms; readonly run: Run },
): KeptApproval | undefined {
  if (terms.approval) return undefined;
  const { name, deps } = run;
  return {
    run: name,
    at: new Date(deps.world.now()).toISOString(),
    by: runBy(deps),
    plan,
    answered: plan.refusals.map(nameRefusal),
    choices: terms.choices,
    ...(goes && { goes }),
    ...(terms.pullRequest !== undefined && { pullRequest: terms.pullRequest }),
  };
}

/** `word` agrees to a plan without refusals. Where there is no person to ask, what is refused stays refused; else it is an error. */
async function askAgreement(
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

function nameRefusal({ code, address }: Problem): Answered {
  return { code, ...(address !== undefined && { address }) };
}

/** A plan that only brings the inventory up to date is not asked for. */
function hasWrites(plan: Plan): boolean {
  return plan.steps.some(
    (step) => step.step === "write" || (step.step === "record" && step.verb === "adopt"),
  );
}

/** Asks for the value of each `sync: false` variable that has none yet, with hidden input. Those that are skipped stay noted. */
async function askValues(planned: Planned, deps: Deps): Promise<Planned> {
  const answers = new Map<string, Secret>();
  for (const change of planned.plan.changes) {
    for (const note of change.notes) {
      if (note.note !== "needs-value") continue;
      const name = note.entry ?? note.field;
      const value = await deps.askValue(change.address, name);
      if (value) answers.set(`${change.address} ${name}`, value);
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
