import type { Address } from "../../core/base/address.ts";
import type { Millis } from "../../core/model/budget.ts";
import { groupBy } from "../../core/base/group.ts";
import type { Inventory, Pending } from "../../core/model/inventory.ts";
import type { LeftStep, Unfinished } from "../../core/planning/unfinished.ts";
import type { StepId } from "../../core/model/plan.ts";
import { describeBudget, describeDuration, describeEstimate } from "../base/duration.ts";
import { printDocument } from "../json/document.ts";
import { wrapText } from "../base/layout.ts";
import { describePending } from "./pending.ts";
import { byNature } from "../base/natural.ts";
import { printRows, type Row } from "../base/rows.ts";
import { openCanvas, type Canvas, type Line, type Screen } from "../base/screen.ts";

/** What `state show` found. `at`: when, in milliseconds since 1970. */
type Standing = {
  readonly place: string;
  readonly inventory: Inventory;
  readonly unfinished?: Unfinished;
  readonly at: Millis;
  /**
   * By address, from when on a creation whose answer was lost may be sent again. An address is not in it where that
   * is so at any time.
   */
  readonly again?: ReadonlyMap<Address, Millis>;
};

/**
 * The state for people: what an approved plan has done, what is left and what that waits for. `resume` is the command
 * that carries on.
 */
export function renderStanding(standing: Standing, resume: string, screen: Screen): string {
  const canvas = openCanvas(screen);
  const { unfinished, place, at } = standing;
  const told = new Set(unfinished?.left.map(({ address }) => address));
  const begun = pendingRows(standing, told, canvas);
  if (!unfinished && begun.length === 0)
    return `Every plan that was approved is done, in ${canvas.text(place)}\n`;
  const parts = [
    ...(unfinished ? [standingRows(unfinished, at, resume, canvas)] : []),
    ...(unfinished && unfinished.left.length > 0 ? [leftRows(unfinished, at, canvas)] : []),
    ...(begun.length > 0 ? [[canvas.ink.bold("Begun"), ...printRows(begun, canvas.columns)]] : []),
    ...(unfinished ? [] : [["The next apply takes it up."]]),
  ];
  return `${parts.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/** The state as the document of `--json`. */
export function renderStandingJson({ place, inventory, unfinished, at }: Standing, resume: string): string {
  const { next, end, left, ...rest } = unfinished ?? { left: [], end: at };
  const told = unfinished && {
    ...rest,
    left: left.map(({ wait, ...step }) => ({
      ...step,
      wait: wait.for === "budget" ? { ...wait, until: isoTime(wait.until) } : wait,
    })),
    next: next ? { ...next, at: isoTime(next.at) } : null,
    end: isoTime(end),
    resume,
  };
  return printDocument("standing", "done", {
    at: isoTime(at),
    place,
    unfinished: told ?? null,
    pending: inventory.pending ?? {},
  });
}

function standingRows(unfinished: Unfinished, at: Millis, resume: string, canvas: Canvas): readonly string[] {
  const { approved, run, isRunning, verdict, next, end, left } = unfinished;
  const { text, ink, columns } = canvas;
  const row = (label: string, words: string): Row => ({
    indent: 0,
    label,
    paint: ink.bold,
    words: (room) => wrapText(words, room).map((line): Line => [[line]]),
  });
  const { user, host } = approved.by;
  const when =
    next && (next.at <= at ? "now" : `in ${describeDuration(next.at - at)}, ${clockTime(next.at)}`);
  const why = next?.budget === undefined ? "" : `, when ${describeBudget(next.budget)} has calls again`;
  const how = isRunning ? "at work now" : verdict === "unfinished" ? "cut off" : verdict;
  return printRows(
    [
      row(isRunning ? "Running" : "Unfinished", countSteps(unfinished)),
      row("Approved", text(`${clockTime(Date.parse(approved.at))} by ${user} on ${host}`)),
      row("Last run", text(`${run}, ${how}`)),
      ...(when === undefined || isRunning ? [] : [row("Next step", `${when}${text(why)}`)]),
      ...(left.length === 0
        ? []
        : [row("Time left", `${describeEstimate(end - at)}, as far as the ledger tells`)]),
      ...(isRunning ? [] : [row("Carry on", text(resume))]),
    ],
    columns,
  );
}

function countSteps({ done, steps, left }: Unfinished): string {
  const many = (status: LeftStep["status"]): number => left.filter((one) => one.status === status).length;
  const rest = (["failed", "uncertain", "left"] as const).flatMap((status) =>
    many(status) === 0 ? [] : [`${many(status)} ${status}`],
  );
  return [`${done} of ${steps} steps done`, ...rest].join(", ");
}

/** How many resources are listed at most. The rest is counted, since their reasons repeat. */
const mostShown = 40;

/** The rows of the steps that are left, by resource, with what each waits for. */
function leftRows({ left }: Unfinished, at: Millis, canvas: Canvas): readonly string[] {
  const groups = [...groupBy(left, ({ address }) => address)];
  const rows = groups.slice(0, mostShown).map(([address, steps]): Row => ({
    indent: 2,
    label: canvas.text(address),
    words: (room) =>
      steps.flatMap((step) =>
        wrapText(canvas.text(describeLeft(step, at)), room).map((line): Line => [
          [line, paintOf(step, canvas)],
        ]),
      ),
  }));
  const more = groups.length - rows.length;
  return [
    canvas.ink.bold("Left"),
    ...printRows(rows, canvas.columns),
    ...(more > 0 ? [`  and ${more} more resources; --json lists them all`] : []),
  ];
}

function paintOf({ status }: LeftStep, { ink }: Canvas) {
  return status === "failed" ? ink.red : status === "uncertain" ? ink.yellow : undefined;
}

function describeLeft({ step, address, status, code, wait }: LeftStep, at: Millis): string {
  const shorten = (id: StepId): string => id.replace(` ${address}`, "");
  const what = shorten(step);
  if (status === "uncertain") return `${what}: sent, and no answer was heard`;
  const failed = status === "failed" ? `failed (${code ?? "unknown"}), ` : "";
  switch (wait.for) {
    case "steps":
      return `${what}: ${failed}after ${wait.steps.map(shorten).join(", ")}`;
    case "budget":
      return `${what}: ${failed}waits for ${wait.budget} until ${shortTime(wait.until, at)}`;
    case "nothing":
      return `${what}: ${failed}can start now`;
    default:
      return wait satisfies never;
  }
}

/** The rows of what is pending with resources that no step which is left is about. */
function pendingRows(
  { inventory: { pending = {} }, again }: Standing,
  told: ReadonlySet<Address>,
  canvas: Canvas,
): readonly Row[] {
  return (Object.entries(pending) as [Address, Pending][])
    .filter(([address]) => !told.has(address))
    .sort(([a], [b]) => byNature(a, b))
    .map(([address, one]) => ({
      indent: 2,
      label: canvas.text(address),
      words: (room) =>
        describePending(one, again?.get(address)).flatMap((sentence) =>
          wrapText(canvas.text(sentence), room).map((line): Line => [[line]]),
        ),
    }));
}

function isoTime(at: Millis): string {
  return new Date(at).toISOString();
}

/** A moment for people: `10:00:01 UTC`, with its date where that is not the day of `now`. */
function shortTime(at: Millis, now: Millis): string {
  const text = clockTime(at);
  return isoTime(at).slice(0, 10) === isoTime(now).slice(0, 10) ? text.slice(11) : text;
}

/** A moment with its date: `2026-11-22 10:00:01 UTC`. */
function clockTime(at: Millis): string {
  return `${isoTime(at).replace("T", " ").slice(0, 19)} UTC`;
}
