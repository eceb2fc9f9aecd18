import { aroundOf } from "../kind/refusal.ts";
import type { Address } from "../base/address.ts";
import { problem, type Problem } from "../base/problem.ts";
import type { ResourceChange } from "../model/change.ts";
import { fieldKey } from "../model/desired.ts";
import type { FieldTable } from "../model/field.ts";
import type { Chain } from "./draft-steps.ts";
import type { StepsInput } from "./steps-input.ts";
import { withArticle } from "../base/text.ts";

/*
 * Every change is covered by a step, or the plan is in error. A kind that forgets to map a field would otherwise plan the same
 * change for ever: apply says *done*, and the next plan wants it again.
 *
 *   the plan wants                    the steps of its address say               told
 *   plan, envVars.PORT                fields: [plan], fields: [envVars.PORT]     nothing
 *   plan, colour                      fields: [plan]                             `field-not-written`: colour
 *   a new one                         no creation, and none that carries it      `no-creation`
 *   a new one that the kind refuses   no creation                                nothing: the refusal says why
 *
 * What a replacement takes over is not looked at: its creation carries what is declared, and that is.
 */
export function findUncovered(input: StepsInput, chains: readonly Chain[]): readonly Problem[] {
  const carried = new Set<Address>(
    chains.flatMap(({ steps }) =>
      steps.flatMap((step) => (step.step === "write" ? (step.carries ?? []) : [])),
    ),
  );
  return chains.flatMap((chain) => [
    ...tellUncreated(input, chain, carried),
    ...tellUnwritten(input, chain, carried),
  ]);
}

function tellUncreated(
  input: StepsInput,
  { change, steps }: Chain,
  carried: ReadonlySet<Address>,
): readonly Problem[] {
  const { address, action } = change;
  if ((action !== "create" && action !== "replace") || carried.has(address)) return [];
  // A rotation that goes on made the new one in an earlier run.
  if (change.succession?.mode === "continue") return [];
  if (steps.some((step) => step.step === "write" && step.verb === "create")) return [];
  const desired = input.desired.get(address);
  const kind = input.kinds.get(change.kind);
  if (!desired || !kind || kind.refuseCreate(desired, input.scope, [], aroundOf(input)).length > 0) return [];
  return [
    problem(
      "error",
      "no-creation",
      `${address} would be created, and trueup knows no call that creates ${withArticle(kind.noun)}.`,
      `Make it in the dashboard and bind it with trueup state adopt ${address} ID, or take the block out.`,
      { where: change.where, address },
    ),
  ];
}

function tellUnwritten(
  input: StepsInput,
  { change, steps }: Chain,
  carried: ReadonlySet<Address>,
): readonly Problem[] {
  if (change.action === "delete" || change.action === "forget" || carried.has(change.address)) return [];
  const writes = steps.flatMap((step) => (step.step === "write" ? [step] : []));
  // What has no creation is told once, not field by field.
  const isMade = writes.some(({ verb }) => verb === "create");
  if ((change.action === "create" || change.action === "replace") && !isMade) return [];
  const written = new Set(writes.flatMap(({ fields }) => fields));
  const fields = input.kinds.get(change.kind)?.fields ?? {};
  return missing(change, fields, written).map(({ key, where }) =>
    problem(
      "error",
      "field-not-written",
      `${key} of ${change.address} differs from the file, and trueup knows no call that writes it.`,
      "This is a fault of trueup: report it. Until then take the field out of the file, or name it in lifecycle.ignore.",
      { where: where ?? change.where, address: change.address },
    ),
  );
}

/** A name and a value that is shown once are no fields of the table: a call of their own makes them equal. */
function missing(
  { action, fields }: ResourceChange,
  table: FieldTable,
  written: ReadonlySet<string>,
): readonly { readonly key: string; readonly where: ResourceChange["where"] }[] {
  return (
    fields
      // What takes the place of another one is made without it.
      .filter((field) => !(action === "replace" && field.removed))
      .map((field) => ({ key: fieldKey(field.field, field.entry), where: field.where, name: field.field }))
      .filter(({ key, name }) => Object.hasOwn(table, name) && !written.has(key) && !written.has(name))
  );
}
