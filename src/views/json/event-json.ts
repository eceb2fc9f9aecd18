import type { RunEvent } from "../../core/run/report.ts";
import { printJsonLine } from "../base/json.ts";
import { describeStep } from "./plan-json.ts";

/** An event as a line of `--events`. */
export function renderEventLine(event: RunEvent): string {
  return printJsonLine(
    event.event === "run-began" ? { ...event, steps: event.steps.map(describeStep) } : event,
  );
}
