import { kindOf, nameOf, type Address, type KindName } from "../../core/base/address.ts";
import { findKind } from "../../core/kind/kind.ts";
import type { Found } from "../../core/model/live.ts";
import { problem, type Problem } from "../../core/base/problem.ts";
import { describeCandidates } from "./candidates.ts";
import { joinMatched, type Listings, type Matched } from "./matched.ts";
import type { ReadInput } from "./read-input.ts";

/**
 * Addresses of creations whose answer was lost and which the file no longer declares. No other part would look for them; only
 * the address is known.
 */
function listLost({ state, inventory }: ReadInput): readonly Address[] {
  const declared = new Set(state.resources.map(({ address }) => address));
  return (Object.keys(inventory.pending ?? {}) as Address[]).filter(
    (address) =>
      inventory.pending?.[address]?.creation !== undefined &&
      !declared.has(address) &&
      !inventory.resources[address],
  );
}

/** The kinds whose lists must be read whole to find those: an object that is not declared may stand inside any other. */
export function kindsOfLost(input: ReadInput): ReadonlySet<KindName> {
  return new Set(listLost(input).map(kindOf));
}

/**
 * Finds the objects of those addresses. An object of the address's name is ours, just as if it were still declared. When there
 * are several, or the kind is not identified by a name, a person has to decide: that is a refusal.
 */
export function matchLost(input: ReadInput, listings: Listings, taken: ReadonlySet<string>): Matched {
  return joinMatched(
    listLost(input).map((address): Matched => {
      const kind = kindOf(address);
      const name = nameIn(address);
      const { besides: lookalikes = [] } = input.inventory.pending?.[address] ?? {};
      const candidates = (listings.get(kind) ?? []).filter(
        (one) =>
          !one.isEnded &&
          one.name === name &&
          !taken.has(`${kind} ${one.id}`) &&
          !lookalikes.includes(one.id),
      );
      const [only] = candidates;
      if (findKind(input.kinds, kind).identifies) return refuse(nameless(address));
      if (candidates.length > 1) return refuse(undecided(address, candidates));
      // Asked for by its name once more, as what is declared.
      if (!only)
        return {
          found: [],
          absent: [{ address, kind, name, owned: undefined, declared: true }],
          refusals: [],
        };
      const live = { address, kind, found: only, matchedBy: "inventory" } as const;
      return { found: [{ live, desired: undefined, owned: undefined }], absent: [], refusals: [] };
    }),
  );
}

function refuse(refusal: Problem): Matched {
  return { found: [], absent: [], refusals: [refusal] };
}

/** The name in an address. An address that tells two objects of one name apart has the environment behind an `@`, which is cut off. */
function nameIn(address: Address): string {
  const name = nameOf(address);
  const at = name.lastIndexOf("@");
  return at > 0 && name.includes("/", at) ? name.slice(0, at) : name;
}

function undecided(address: Address, candidates: readonly Found[]): Problem {
  const message = `The answer to creating ${address} was lost, the file no longer has it, and there are ${candidates.length} objects of that name: ${describeCandidates(candidates)}.`;
  const remedy = `Delete the one that is ours in the dashboard, then: trueup state forget ${address}`;
  return problem("refusal", "lost-creation", message, remedy, { address });
}

function nameless(address: Address): Problem {
  const message = `The answer to creating ${address} was lost, and the file no longer says what it was to be.`;
  const remedy = `Look whether it is there, delete it in the dashboard, then: trueup state forget ${address}. Or put the block back.`;
  return problem("refusal", "lost-creation", message, remedy, { address });
}
