import type { Address } from "../core/base/address.ts";
import type { ResourceChange } from "../core/model/change.ts";
import { eachDeclared } from "../core/model/declared.ts";
import { fieldKey } from "../core/model/desired.ts";
import { digestOf, type Digest } from "../core/base/digest.ts";
import { findDrift, type DriftReport } from "../core/planning/drift.ts";
import { matchesAny } from "../core/base/glob.ts";
import { withOwned, type Inventory } from "../core/model/inventory.ts";
import { isObject } from "../core/base/json.ts";
import { problem, ProblemError, type Problem } from "../core/base/problem.ts";
import { Secret } from "../core/base/secret.ts";
import type { Value } from "../core/model/value.ts";
import { kinds } from "../providers/kinds.ts";
import type { Deps } from "./base/deps.ts";
import { planRun } from "./plan.ts";
import type { Planned } from "./planning/plan-account.ts";
import type { PlanInput } from "./planning/plan-input.ts";
import { changeState } from "./state/state.ts";

/** What somebody did to one `sync: false` value: `digest` of the one that is there now; absent: it is not there. */
type Drifted = { readonly address: Address; readonly key: string; readonly digest: Digest | undefined };

/**
 * `drift --accept ADDRESS/envVars.KEY`: what somebody typed for a `sync: false` value, or that they deleted it, is right. Only
 * the inventory changes, under the lock: it remembers the new digest, or nothing. The file has no value to take over, and
 * no account is written to. `patterns` are globs of addresses, or of `ADDRESS/field.ENTRY`.
 */
export async function acceptDrift(
  input: PlanInput,
  patterns: readonly string[],
  deps: Deps,
): Promise<DriftReport> {
  // An absence is recorded only when it was asked for by its key.
  const planned = await planRun({ ...input, adopt: null, confirmsEntries: true }, deps);
  const drifted = findDrifted(planned);
  const fits = (one: Drifted, pattern: string): boolean =>
    matchesAny([pattern], nameOf(one)) || matchesAny([pattern], one.address);
  const unfit = patterns.filter((pattern) => !drifted.some((one) => fits(one, pattern)));
  const problems = unfit.map((pattern) => explainUnfit(planned, pattern));
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new ProblemError(errors);
  const accepted = drifted.filter((one) => patterns.some((pattern) => fits(one, pattern)));
  if (accepted.length > 0)
    await changeState(planned.start, deps, (inventory) =>
      accepted.reduce((all, one) => withAccepted(all, one, planned), inventory),
    );
  const names = accepted.map(nameOf);
  const changes = planned.plan.changes.map((change) => withoutAccepted(change, new Set(names)));
  const report = findDrift({ ...planned.plan, changes });
  return { ...report, problems: [...report.problems, ...problems], accepted: names };
}

function nameOf({ address, key }: Pick<Drifted, "address" | "key">): string {
  return `${address}/${key}`;
}

function findDrifted({ plan, start, account: { found } }: Planned): readonly Drifted[] {
  const digestKey = start.remembered.key;
  return plan.changes.flatMap(({ address, notes, fields }) => [
    ...notes.flatMap((note): readonly Drifted[] => {
      if (note.note !== "secret-changed") return [];
      const key = fieldKey(note.field, note.entry);
      const list = found.get(address)?.spec[note.field];
      const live = isObject(list) ? list[note.entry] : undefined;
      return live instanceof Secret
        ? [{ address, key, digest: digestOf(digestKey, { address, field: key }, live) }]
        : [];
    }),
    ...fields.flatMap(({ field, entry, unanswered }): readonly Drifted[] =>
      unanswered ? [{ address, key: fieldKey(field, entry), digest: undefined }] : [],
    ),
  ]);
}

function withAccepted(inventory: Inventory, { address, key, digest }: Drifted, planned: Planned): Inventory {
  const owned = inventory.resources[address];
  const before = planned.account.inventory.resources[address];
  if (!owned || owned.id !== before?.id || owned.fields[key] !== before.fields[key])
    throw new ProblemError([
      problem("error", "state-moved", "Another run changed the state meanwhile.", "Run again."),
    ]);
  const { [key]: _accepted, ...others } = owned.fields;
  const fields = digest === undefined ? others : { ...owned.fields, [key]: digest };
  return withOwned(inventory, address, { ...owned, fields });
}

/** What is agreed to is no drift any more; a value that is still missing stays noted. */
function withoutAccepted(change: ResourceChange, names: ReadonlySet<string>): ResourceChange {
  const isAccepted = (field: string, entry: string | undefined): boolean =>
    names.has(nameOf({ address: change.address, key: fieldKey(field, entry) }));
  const fields = change.fields.filter(
    ({ field, entry, unanswered }) => !unanswered || !isAccepted(field, entry),
  );
  const notes = change.notes.filter(
    (note) => note.note !== "secret-changed" || !isAccepted(note.field, note.entry),
  );
  const isKept = change.action === "update" && fields.length === 0 && !change.due;
  return { ...change, fields, notes, ...(isKept && { action: "keep" as const }) };
}

/** Why a pattern of `--accept` fits nothing that drifted: a note for a `sync: false` value that is as it was, else an error. */
function explainUnfit({ start, plan }: Planned, pattern: string): Problem {
  const declared = start.state.resources.flatMap((desired) =>
    eachDeclared(desired, kinds.get(desired.kind)?.fields ?? {}).map(({ name, entry, field, value }) => ({
      name: nameOf({ address: desired.address, key: fieldKey(name, entry) }),
      isAsked: field.value === true && (value as Value).from === "asked",
    })),
  );
  const fitting = declared.filter(({ name }) => matchesAny([pattern], name));
  const isAddress = plan.changes.some(({ address }) => matchesAny([pattern], address));
  const hasAsked = (isAddress ? declared : fitting).some(({ isAsked }) => isAsked);
  if (hasAsked && (fitting.length === 0 || fitting.some(({ isAsked }) => isAsked)))
    return problem(
      "note",
      "nothing-to-accept",
      `No \`sync: false\` value of ${pattern} has drifted.`,
      "Nothing to do.",
    );
  if (isAddress || fitting.length > 0) {
    const message = `--accept ${pattern}: this version accepts only \`sync: false\` values, and that is none.`;
    const remedy = "Write what is right into the file, or let trueup apply put it back.";
    return problem("error", "cannot-accept", message, remedy);
  }
  const message = `--accept ${pattern} fits nothing that the file declares.`;
  const remedy =
    "Give an address with its field, as in render/service/api/envVars.STRIPE_KEY; * stands for any text.";
  return problem("error", "unknown-address", message, remedy);
}
