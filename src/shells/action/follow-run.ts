import type { Deps } from "../../commands/base/deps.ts";
import type { Plan } from "../../core/model/plan.ts";
import type { RunEvent } from "../../core/run/report.ts";
import { keepComment } from "../../github/keep-comment.ts";
import { escapeText } from "../../views/base/escape.ts";
import { renderProgressMarkdown } from "../../views/markdown/run.ts";
import { problemsOf } from "../cli/base/failure.ts";
import type { Job } from "./job.ts";
import type { Runner } from "./runner.ts";
import { commentMarker, titleOf } from "./texts.ts";

/** A wait of at least this many milliseconds is the border of a wave; a shorter one is over before anybody looks. */
const longWait = 60_000;

/**
 * Follows an apply while it goes on: which pull request it is for, and at the border of each wave what is done and what is waited for,
 * in the comment of the label. Nothing of it stops the run: what cannot be told is a warning, and is not tried again.
 */
export class RunFollower {
  readonly #job: Job;
  readonly #runner: Runner;
  #pull: number | undefined;
  #plan: Plan | undefined;
  #ended = { done: 0, failed: 0 };
  #told = "";
  #isBroken = false;
  /** One after the other: two writes at once could arrive in the other order. */
  #telling: Promise<void> = Promise.resolve();

  constructor(job: Job, runner: Runner) {
    this.#job = job;
    this.#runner = runner;
  }

  /** The means of a command, with this one listening. */
  follow(deps: Deps): Deps {
    return {
      ...deps,
      planned: (plan, pullRequest) => {
        this.#plan = plan;
        if (pullRequest !== undefined) this.found(pullRequest);
        deps.planned(plan, pullRequest);
      },
      events: (event) => {
        deps.events(event);
        this.#handle(event);
      },
    };
  }

  readonly found = (pullRequest: number): void => {
    this.#pull = pullRequest;
  };

  /** The pull request that the run is for, as far as it is known. */
  known(): { readonly pull?: number } {
    return this.#pull === undefined ? {} : { pull: this.#pull };
  }

  /** After everything that was begun is told, so that the result comes last. */
  end(): Promise<void> {
    return this.#telling;
  }

  #handle(event: RunEvent): void {
    if (event.event === "step-done" || event.event === "step-skipped") this.#ended.done += 1;
    if (event.event === "step-failed") this.#ended.failed += 1;
    if (event.event !== "budget-wait" || event.until - event.at < longWait) return;
    const { inputs } = this.#job;
    const plan = this.#plan;
    if (!plan || (inputs.comment !== "true" && inputs.comment !== "changes-only")) return;
    const progress = { ...this.#ended, total: plan.steps.length, budget: event.budget, hash: plan.hash };
    const body = renderProgressMarkdown(progress, titleOf(this.#job));
    // Each call that waits says so: all of one border say the same.
    if (body === this.#told) return;
    this.#told = body;
    this.#telling = this.#telling.then(() => this.#tell(body, plan));
  }

  async #tell(body: string, plan: Plan): Promise<void> {
    const { github, inputs } = this.#job;
    if (!github || this.#pull === undefined || this.#isBroken || inputs.comment === "false") return;
    const marker = commentMarker(this.#job, { hash: plan.hash });
    try {
      await keepComment(github, this.#pull, { marker, body, hasChanges: true }, "true");
    } catch (error) {
      this.#isBroken = true;
      for (const { message, remedy } of problemsOf(error))
        this.#runner.warn(escapeText(`${message} ${remedy}`));
    }
  }
}
