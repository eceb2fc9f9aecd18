import type { Millis } from "../../core/model/budget.ts";
import { describeTime } from "../../core/diff/uncertain.ts";
import type { Creation, Pending } from "../../core/model/inventory.ts";

/**
 * What a run left undone with one resource and what the next run does about it, a sentence for each. `again`: from
 * when on, in milliseconds since 1970, a creation that no list shows may be sent once more; absent: at any time.
 */
export function describePending(pending: Pending, again?: Millis): readonly string[] {
  const {
    creation,
    deletion,
    cancellation,
    deployFor,
    deployAfter,
    job,
    jobSent,
    undelivered,
    successor,
    alone,
    formers,
  } = pending;
  return [
    ...(creation ? [describeCreation(creation, again)] : []),
    ...(deletion
      ? ["its deletion was sent and no answer was heard; the next run looks whether it is gone"]
      : []),
    ...(cancellation
      ? ["its first deploy lacks variables; the next run cancels it and deploys once all are there"]
      : []),
    ...(undelivered
      ? ["what its creation showed once may not have arrived everywhere; the next run sees to it"]
      : []),
    ...(alone ? ["its API refused a second one beside it; it can only be replaced with a gap"] : []),
    ...(successor ? [describeNewObject(successor)] : []),
    ...(formers ?? []).map(describeFormer),
    ...(job ? ["its job before the deploy was started; the next run waits for that one"] : []),
    ...(jobSent
      ? ["its job before the deploy was sent and no answer was heard; the next run looks whether it began"]
      : []),
    ...(deployAfter === undefined
      ? []
      : ["a deploy was asked for and no answer was heard; the next run looks whether one began"]),
    ...(deployFor === undefined ? [] : [`its deploy is due, for: ${deployFor.join(", ")}`]),
  ];
}

function describeCreation({ at }: Creation, again: Millis | undefined): string {
  const when = at === 0 ? "" : ` at ${describeTime(at, at)}`;
  const lost = `its creation was sent${when} and no answer was heard; the next run looks whether it was made`;
  return again === undefined
    ? lost
    : `${lost}, and from ${describeTime(again, at)} on sends it again if it was not`;
}

function describeFormer({ name, id }: NonNullable<Pending["formers"]>[number]): string {
  return `the one before, ${name} (${id}), steps aside for another one; the next run finishes that, and deletes it`;
}

function describeNewObject({ name, id }: NonNullable<Pending["successor"]>): string {
  return id === undefined
    ? `another one, ${name}, was to take its place, and no answer was heard; the next run looks whether it was made`
    : `another one, ${name} (${id}), takes its place; the next run finishes that`;
}
