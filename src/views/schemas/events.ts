import { exactly, listOf, millis, moment, object, oneOfWords, ref, text, type Schema } from "./shapes.ts";

const at = millis("since the start of the run");
const step = text("its id");
const remaining = millis("how long the run still takes");

/** The lines of `--events`. */
export const events: readonly Schema[] = [
  object("The plan is agreed to and the run begins.", {
    event: exactly("run-began"),
    at,
    run: text("its name"),
    steps: listOf(ref("step")),
    end: millis("when it ends, as the schedule says"),
  }),
  object("A step has begun.", { event: exactly("step-began"), at, step }),
  object("A step is done, or had nothing to write.", {
    event: oneOfWords(["step-done", "step-skipped"]),
    at,
    step,
    remaining,
  }),
  object("A step has failed.", { event: exactly("step-failed"), at, step, problem: ref("problem") }),
  object("A call waits for a limit.", {
    event: exactly("budget-wait"),
    at,
    budget: text("the limit"),
    until: millis("until when, counted like at"),
  }),
  object("Something worth knowing, which stops nothing.", {
    event: exactly("warning"),
    at,
    problem: ref("problem"),
  }),
  object("The run has ended.", {
    event: exactly("run-ended"),
    at,
    verdict: oneOfWords(["done", "failed", "stopped", "interrupted", "refused", "declined"]),
  }),
  object("A sign-in waits for a person.", {
    event: exactly("device-code"),
    code: text(),
    url: text("to be opened in a browser"),
    expiresAt: moment("until when"),
  }),
];
