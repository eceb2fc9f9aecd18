import { findDrift } from "../../src/core/planning/drift.ts";
import type { RunEvent, RunReport, StepResult } from "../../src/core/run/report.ts";
import { problem } from "../../src/core/base/problem.ts";
import type { Plan } from "../../src/core/model/plan.ts";
import type { Screen } from "../../src/views/base/screen.ts";
import { renderDrift } from "../../src/views/plan/drift.ts";
import { renderPlan } from "../../src/views/plan/plan.ts";
import { renderLive } from "../../src/views/run/live.ts";
import { advance, noProgress } from "../../src/views/run/progress.ts";
import { renderRun } from "../../src/views/run/run.ts";
import {
  makeAdoption,
  makeChanges,
  makeCreation,
  makeDrift,
  makeRefused,
  makeUnchanged,
} from "./make-account.ts";

const commands = {
  next: "trueup apply",
  answer: (flags: readonly string[]) => `trueup apply ${flags.join(" ")}`,
};

/** A run in the middle: a third is done, six steps are under way, and the hourly limit is waited for. */
function renderMiddle(plan: Plan, screen: Screen): string {
  const { steps, schedule } = plan;
  const done = Math.floor(steps.length / 3);
  const events: readonly RunEvent[] = [
    { event: "run-began", at: 0, run: "r1", steps, end: schedule.end },
    ...steps.slice(0, done).flatMap(({ id }): readonly RunEvent[] => [
      { event: "step-began", at: 0, step: id },
      { event: "step-done", at: 2000, step: id, remaining: schedule.end },
    ]),
    ...steps.slice(done, done + 8).map(({ id }): RunEvent => ({ event: "step-began", at: 2000, step: id })),
    { event: "budget-wait", at: 2000, budget: "render/create", until: 1_800_000 },
  ];
  return renderLive(events.reduce(advance, noProgress), 60_000, screen).join("\n");
}

/** The end of a run in which one step failed, what needs it is blocked, and the rest is done. */
function renderEnd(plan: Plan, screen: Screen): string {
  const failure = problem(
    "error",
    "http-400",
    "The plan is unknown.",
    "Correct it in the file, then run again.",
  );
  const results = plan.steps.map(({ id: step }, index): StepResult => {
    if (index === 0) return { step, status: "failed", problem: failure };
    return index % 9 === 8 ? { step, status: "blocked", by: plan.steps[0]!.id } : { step, status: "done" };
  });
  const report: RunReport = {
    formatVersion: "1.0",
    run: "r1",
    verdict: "failed",
    plan,
    results,
    problems: [],
    took: plan.schedule.end,
  };
  return renderRun(report, screen);
}

const screens: readonly (readonly [title: string, draw: (size: number, screen: Screen) => string])[] = [
  ["plan: all is new", (size, screen) => renderPlan(makeCreation(size), screen, commands)],
  ["plan: all exists and is adopted", (size, screen) => renderPlan(makeAdoption(size), screen, commands)],
  ["plan: nothing to do", (size, screen) => renderPlan(makeUnchanged(size), screen, commands)],
  ["plan: changes of every sort", (size, screen) => renderPlan(makeChanges(size), screen, commands)],
  ["plan: refused", (size, screen) => renderPlan(makeRefused(size), screen, commands)],
  ["drift", (size, screen) => renderDrift(findDrift(makeDrift(size)), screen)],
  ["drift: none", (size, screen) => renderDrift(findDrift(makeUnchanged(size)), screen)],
  ["apply: in the middle", (size, screen) => renderMiddle(makeCreation(size), screen)],
  ["apply: at its end, with a failure", (size, screen) => renderEnd(makeCreation(size), screen)],
];

/** What people see of an account of that size, each with its title. */
export function drawScreens(
  size: number,
  columns: number,
): readonly (readonly [title: string, text: string])[] {
  const screen: Screen = { columns, colour: false, unicode: true };
  return screens.map(([title, draw]) => [title, draw(size, screen).trimEnd()]);
}

/** All of them as one text. */
export function joinScreens(drawn: ReturnType<typeof drawScreens>): string {
  return drawn.map(([title, text]) => `=== ${title} ===\n\n${text}\n`).join("\n");
}
