import type { Address } from "../../core/base/address.ts";
import type { Readers } from "../../core/kind/reader.ts";
import type { Found } from "../../core/model/live.ts";
import type { Plan, WriteStep } from "../../core/model/plan.ts";
import { problem, type Problem } from "../../core/base/problem.ts";
import { kinds } from "../../providers/kinds.ts";
import type { Connection } from "../accounts/connect.ts";
import { findOwnToken, type OwnToken } from "../../providers/rendercad/token/list.ts";

/** A plan, and the means to find out which token the run signs in with. */
export type RendercadGuard = {
  readonly plan: Plan;
  /** Those that the plan was read with, which remember what they read. */
  readonly remembered: Readers;
  readonly connection: Pick<Connection, "readers" | "calls">;
  readonly found: ReadonlyMap<Address, Found>;
  /** `rendercad.self`. */
  readonly self: string | undefined;
};

/**
 * The plan with the reasons not to write to RENDERCAD that depend on the token which trueup itself signs in with: its scope,
 * and that it must not be revoked. Costs one list, or two, and only where the plan writes there.
 */
export async function guardRendercad(guard: RendercadGuard): Promise<Plan> {
  const { plan, connection } = guard;
  const writes = plan.steps.filter(
    (step): step is WriteStep => step.step === "write" && kinds.get(step.kind)?.provider === "rendercad",
  );
  if (writes.length === 0) return plan;
  const own = await findOwnToken({
    earlier: guard.remembered.rendercad,
    now: connection.readers.rendercad,
    self: guard.self,
  });
  const refusals = [...plan.refusals, ...refuseScope(own), ...refuseRevocation(own, writes, guard.found)];
  return { ...plan, refusals, reads: { ...plan.reads, calls: connection.calls() } };
}

function refuseScope(own: OwnToken): readonly Problem[] {
  const tokens = own.is === "known" ? [own.token] : own.candidates;
  const narrow = tokens.filter(({ spec }) => spec["scope"] !== "full-access");
  const [first] = narrow;
  if (!first || narrow.length < tokens.length) return [];
  const scopes = [...new Set(narrow.map(({ spec }) => spec["scope"] as string))].sort().join(" or ");
  const message = `The plan changes something at RENDERCAD, and the token that trueup runs with is ${scopes}${own.is === "known" ? ` (${first.name})` : ""}.`;
  const remedy = "Set RENDERCAD_API_TOKEN to a token with full-access. Nothing was written anywhere.";
  return [problem("refusal", "rendercad-scope", message, remedy)];
}

/** A new token that an ended run left behind was never signed in with, so it cannot be the one that trueup runs with. */
function refuseRevocation(
  own: OwnToken,
  writes: readonly WriteStep[],
  found: ReadonlyMap<Address, Found>,
): readonly Problem[] {
  const revoked = writes.filter(
    ({ kind, verb, half }) => kinds.get(kind)?.signsIn && verb === "delete" && half !== "successor",
  );
  return revoked.flatMap(({ address }) => {
    const id = found.get(address)?.id;
    if (own.is === "known") return own.token.id === id ? [ownRevocation(address)] : [];
    return own.candidates.some((one) => one.id === id) ? [uncertainRevocation(address, own)] : [];
  });
}

function ownRevocation(address: Address): Problem {
  const message = `${address} is the token that trueup itself runs with, and it would be revoked.`;
  const remedy =
    "Run with another token that has full-access (RENDERCAD_API_TOKEN), or leave this one as it is.";
  return problem("refusal", "rendercad-self", message, remedy, { address });
}

function uncertainRevocation(
  address: Address,
  { candidates }: Extract<OwnToken, { is: "unknown" }>,
): Problem {
  const names = candidates
    .map(({ name }) => name)
    .sort()
    .join(", ");
  const message = `${address} would be revoked, and it may be the token that trueup itself runs with: that is one of ${names}.`;
  const remedy =
    "Name the one it runs with: rendercad.self in the file. Or run again while nothing else uses these tokens.";
  return problem("refusal", "rendercad-self-unknown", message, remedy, { address });
}
