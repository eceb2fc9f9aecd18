import type { Address, Provider } from "../base/address.ts";
import { count } from "../base/text.ts";
import type { GuardInput } from "./guard-input.ts";
import type { Owned } from "../model/inventory.ts";
import { problem, type Problem } from "../base/problem.ts";

/*
 * Everything gone. Each of these was asked for by itself and is not there; but when all of an account is gone, or more than
 * half of three or more, it is likelier that the account is another one, or that its API answers wrongly, than that somebody
 * deleted it: a second database beside the first would be made, and second tokens. So a person says which it is.
 *
 *   owned                      absent               refused
 *   api                        api                  yes: all of it
 *   api, db                    api                  no
 *   api, db, cache             api, db              yes: more than half
 *   api with its 3 domains, db api with its domains no: what stands in another resource goes with it and is not counted
 *
 * Not counted either: settings of the workspace, which are always there, and what an ended run itself was deleting.
 */

const leastForHalf = 3;
const words: Readonly<Record<Provider, string>> = { render: "Render", rendercad: "RENDERCAD" };

/** Refuses a plan where too much of what an account should have is gone (see above), for each provider by itself. */
export function refuseEverythingGone(input: GuardInput): readonly Problem[] {
  // A `destroy` asks for everything to be gone.
  if (input.overrides.destroys || input.overrides.recreateGone) return [];
  return (Object.keys(words) as Provider[]).flatMap((provider) => {
    const counted = (Object.entries(input.inventory.resources) as [Address, Owned][]).filter(
      ([address, { kind: name }]) => {
        const kind = input.kinds.get(name);
        const isOwnDoing = input.inventory.pending?.[address]?.deletion === true;
        return kind?.provider === provider && !kind.permanent && !kind.partOf && !isOwnDoing;
      },
    );
    const absent = counted.filter(([address, owned]) => isAbsent(input, address, owned));
    const isAll = absent.length > 0 && absent.length === counted.length;
    const isMost = counted.length >= leastForHalf && absent.length * 2 > counted.length;
    return isAll || isMost
      ? [
          refusal(
            provider,
            absent.map(([address]) => address),
            counted.length,
          ),
        ]
      : [];
  });
}

/** Whether an owned object is gone. Another object of its name does not count, unless an earlier run made it as a replacement. */
function isAbsent({ inventory, live }: GuardInput, address: Address, owned: Owned): boolean {
  const { found, tookPlace = false } = live.get(address) ?? {};
  const isReplaced = tookPlace || inventory.pending?.[address]?.successor !== undefined;
  return found === undefined || (found.id !== owned.id && !isReplaced);
}

function refusal(provider: Provider, absent: readonly Address[], owned: number): Problem {
  const listed = absent.slice(0, 5).join(", ") + (absent.length > 5 ? ` and ${absent.length - 5} more` : "");
  const share =
    absent.length === owned
      ? `All ${count(owned, "resource")}`
      : `${absent.length} of ${count(owned, "resource")}`;
  const verb = absent.length === 1 ? "is" : "are";
  const message = `${share} that this state owns of ${words[provider]} ${verb} gone: ${listed}. Each was asked for by itself.`;
  const remedy =
    "Look in the dashboard first: the key may reach another account, or the API may answer wrongly. If they were deleted, make them again with --recreate-gone, or let them go with trueup state forget ADDRESS.";
  return problem("refusal", "everything-gone", message, remedy, {
    answer: { flags: ["--recreate-gone"], word: "yes" },
  });
}
