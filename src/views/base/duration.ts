import { budgetTable, familyOf, type BudgetName, type Millis } from "../../core/model/budget.ts";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
/** From so long on, hours are told as days. */
const longTime = 48 * hour;

/** A length of time that was measured: `12 s`, `1 min 4 s`, `2 h 5 min`. */
export function describeDuration(duration: Millis): string {
  if (duration < second) return "under a second";
  if (duration < minute) return `${Math.floor(duration / second)} s`;
  if (duration < hour)
    return join(Math.floor(duration / minute), "min", Math.floor((duration % minute) / second), "s");
  if (duration >= longTime)
    return join(Math.floor(duration / day), "days", Math.floor((duration % day) / hour), "h");
  return join(Math.floor(duration / hour), "h", Math.floor((duration % hour) / minute), "min");
}

/** A length of time that is expected, rounded up, and no more exact than an estimate can be: `about 4 min`. */
export function describeEstimate(duration: Millis): string {
  if (duration <= 5 * second) return "a few seconds";
  if (duration < minute)
    return `about ${Math.ceil(duration / (10 * second)) * 10} s`.replace("60 s", "1 min");
  const minutes = Math.ceil(duration / minute);
  if (minutes < 60) return `about ${minutes} min`;
  const hours = Math.ceil(minutes / 60);
  if (duration >= longTime) return `about ${join(Math.floor(hours / 24), "days", hours % 24, "h")}`;
  return `about ${join(Math.floor(minutes / 60), "h", minutes % 60, "min")}`;
}

/** A moment of a timetable, as the time since its start: `0:05`, `12:00`, `3:00:05`. */
export function describeClock(at: Millis): string {
  const seconds = Math.floor(at / second);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [hours = 0, minutes = 0, rest = 0] = parts;
  const tail = `${hours > 0 ? String(minutes).padStart(2, "0") : minutes}:${String(rest).padStart(2, "0")}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}

/** A moment, since 1970, for people: `10:00:01 UTC`. */
export function describeTime(at: Millis): string {
  return `${new Date(at).toISOString().slice(11, 19)} UTC`;
}

/**
 * A budget with its size: `render/create (20 an hour)`. A budget that no table knows, from a plan file of another
 * version, is its bare name.
 */
export function describeBudget(name: BudgetName): string {
  const budget = budgetTable[familyOf(name)];
  if (!budget) return name;
  return `${name} (${budget.calls} ${describeWindow(budget.per)})`;
}

/** The length of a window: `an hour`, `a minute`, `in 10 min`. */
export function describeWindow(per: Millis): string {
  if (per === hour) return "an hour";
  return per === minute ? "a minute" : `in ${describeDuration(per)}`;
}

function join(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}
