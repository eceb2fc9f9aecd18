import { nameOf, type Address } from "../base/address.ts";
import type { Millis } from "../model/budget.ts";
import type { Note } from "../model/change.ts";
import type { Desired } from "../model/desired.ts";
import type { Inventory } from "../model/inventory.ts";
import type { Kind, Kinds } from "../kind/kind.ts";

/**
 * A creation whose answer was lost may have been done, and lists may not show it yet: neither "it is there" nor "it is not
 * there" follows from one look. So it is looked for during a minute, by its name and in the whole list. After that it is
 * sent again only where the API itself refuses a second one; where two would be made, it is *uncertain*, and no run sends
 * it before a quarter of an hour has passed.
 *
 * Both times count from the intent in the journal. Example: `POST /postgres` is announced at 09:00:10 and the connection
 * breaks; it is looked for until 09:01:10 and may be sent again from 09:15:10 on, by whichever run comes then.
 */
const sendAgainAfter: Millis = 15 * 60_000;

/** How long a creation without an answer is looked for, from its intent on. */
export const lookFor: Millis = 60_000;

/** The moments of the looks, counted from the intent: eight of them, ever less often. */
const looks: readonly Millis[] = [1_000, 3_000, 7_000, 15_000, 25_000, 35_000, 47_000, lookFor];

/**
 * How long to wait before each look that still has to come, in order. However old the intent is, one look comes at once. A
 * clock that was set back since does not make it longer.
 */
export function pausesBetweenLooks(sentAt: Millis, now: Millis): readonly Millis[] {
  const age = Math.max(0, now - sentAt);
  const left = looks.filter((at) => at > age);
  const pauses = left.map((at, index) => at - (index === 0 ? age : left[index - 1]!));
  return age < looks[0]! ? pauses : [0, ...pauses].slice(0, looks.length);
}

/** The pauses where no intent is known, and the looks begin now. */
export const allPauses: readonly Millis[] = pausesBetweenLooks(0, 0);

/**
 * The moment from which on a creation that was not found may be sent again; `undefined`: at any time, because the API refuses
 * a second one of that name. An API does not refuse it for a name that may stand in several environments, which shows in
 * the address (`api@shop/staging`).
 */
export function sentAgainFrom(
  kind: Pick<Kind, "unique"> | undefined,
  { address, at }: { readonly address: Address; readonly at: Millis },
): Millis | undefined {
  const isQualified = /@[^/]+\/[^/]+$/u.test(nameOf(address));
  return kind?.unique === "name" && !isQualified ? undefined : at + sendAgainAfter;
}

/** The note about a creation of an earlier run whose answer was lost, and which no list shows. */
export function noteUncertain(
  { inventory, kinds }: { readonly inventory: Inventory; readonly kinds: Kinds },
  { address, kind }: Pick<Desired, "address" | "kind">,
): readonly Note[] {
  const { creation } = inventory.pending?.[address] ?? {};
  if (!creation) return [];
  const from = sentAgainFrom(kinds.get(kind), { address, at: creation.at });
  return [{ note: "uncertain", at: creation.at, ...(from !== undefined && { from }) }];
}

/** A moment for people, rounded up to a minute: `09:16 UTC`, with the day before it where that is not the day of `now`. */
export function describeTime(at: Millis, now: Millis): string {
  const told = new Date(Math.ceil(at / 60_000) * 60_000).toISOString();
  const isToday = told.slice(0, 10) === new Date(now).toISOString().slice(0, 10);
  return `${isToday ? "" : `${told.slice(0, 10)} `}${told.slice(11, 16)} UTC`;
}
