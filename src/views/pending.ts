import type { Pending } from "../core/inventory.ts";

/** What a run left with one resource, and what the next one makes of it: a sentence each. */
export function describePending(pending: Pending): readonly string[] {
  const { creation, deletion, cancellation, deployFor, deployAfter, job, undelivered, successor, alone } =
    pending;
  return [
    ...(creation
      ? ["its creation was sent and no answer was heard; the next run looks whether it was made"]
      : []),
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
    ...(successor ? [describeSuccessor(successor)] : []),
    ...(job ? ["its job before the deploy was started; the next run waits for that one"] : []),
    ...(deployAfter === undefined
      ? []
      : ["a deploy was asked for and no answer was heard; the next run looks whether one began"]),
    ...(deployFor === undefined ? [] : [`its deploy is due, for: ${deployFor.join(", ")}`]),
  ];
}

function describeSuccessor({ name, id }: NonNullable<Pending["successor"]>): string {
  return id === undefined
    ? `another one, ${name}, was to take its place, and no answer was heard; the next run looks whether it was made`
    : `another one, ${name} (${id}), takes its place; the next run finishes that`;
}
