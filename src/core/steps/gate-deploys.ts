import { inSequence, writeStep, type Chain, waitUntilReady } from "./draft-steps.ts";
import type { Desired } from "../model/desired.ts";
import type { Kind } from "../kind/kind.ts";
import type { Step } from "../model/plan.ts";
import type { StepsInput } from "./steps-input.ts";

/**
 * Adds what `lifecycle` asks around a deploy: a one-off job that must succeed before it (only on a service that exists, since
 * a new one has nothing to run it with), and a wait until the deploy is live, after the last step of the service.
 */
export function gateDeploys(input: StepsInput, chains: readonly Chain[]): readonly Chain[] {
  return chains.map((chain) => {
    const desired = input.desired.get(chain.change.address);
    const kind = input.kinds.get(chain.change.kind);
    return desired && kind?.deploys ? { ...chain, steps: gate(chain, kind, desired) } : chain;
  });
}

function gate({ steps, change: { due } }: Chain, kind: Kind, desired: Desired): readonly Step[] {
  const creates = steps.some((step) => step.step === "write" && step.verb === "create");
  const deploy = steps.findIndex((step) => step.step === "write" && step.verb === "deploy" && !step.optional);
  if (deploy < 0 && !creates) return steps;
  const before = creates ? undefined : kind.deploys?.before(desired);
  const change = { address: desired.address, kind: desired.kind };
  const started = due?.job ? [] : before ? [writeStep(change, "job", before.job)] : [];
  const job = before ? [...started, waitUntilReady(desired, "job", before.done)] : [];
  const wait =
    desired.lifecycle.deploy === "wait" && kind.deploys
      ? [waitUntilReady(desired, "live", kind.deploys.live)]
      : [];
  const at = deploy < 0 ? steps.length : deploy;
  return inSequence([...steps.slice(0, at), ...job, ...steps.slice(at), ...wait]);
}
