import { afterEach, describe, expect, test } from "vitest";
import { readMarker } from "../../src/github/marker.ts";
import { pullRequest, startRunner, type Job, type Runner } from "./runner.ts";

const state = { state: "git" };
const file = (many: number): string =>
  `services:\n${Array.from({ length: many }, (_, index) => `  - {type: worker, name: w-${index}, runtime: image, image: {url: nginx}, plan: starter}\n`).join("")}`;

let runner: Runner;
afterEach(async () => {
  expect(runner.github.unknown).toEqual([]);
  await runner.close();
});

const workers = (): number =>
  (runner.simulator.save().tables["services"] ?? []).filter((row) =>
    (row as unknown as { readonly name: string }).name.startsWith("w-"),
  ).length;
const bodies = () => runner.github.comments.map(({ body }) => String(body));
/** The headings that the comment had, one after the other. */
const headings = (): readonly string[] =>
  runner.github.requests
    .filter(({ method, path }) => method !== "GET" && path.includes("/comments"))
    .map(({ body }) => /^### (.*)$/mu.exec(String(body["body"]))?.[1] ?? "");

/** A pull request that is planned and merged: the commit on main. */
async function planAndMerge(many: number): Promise<string> {
  const head = await runner.push("feature", file(many));
  await runner.run({
    event: "pull_request",
    payload: pullRequest(7, head),
    inputs: { command: "plan", ...state },
    at: "feature",
  });
  return runner.merge(head, file(many));
}

const apply = (sha: string, inputs: { readonly [name: string]: string } = {}): Promise<Job> =>
  runner.run({ event: "push", sha, inputs: { command: "apply", ...state, ...inputs } });
const carryOn = (): Promise<Job> => runner.run({ event: "schedule", inputs: { command: "apply", ...state } });

describe("an apply that an hourly limit cuts into waves", () => {
  test("tells at the border of each in the comment of its pull request what is done, and its end last", async () => {
    runner = await startRunner({ clock: "virtual" });
    const job = await apply(await planAndMerge(24));
    expect({ code: job.code, log: job.log }).toMatchObject({ code: 0 });
    expect(workers()).toBe(24);
    const told = headings();
    expect(told[0]).toBe("trueup: 24 to create");
    expect(told.slice(1, -1).length).toBeGreaterThan(0);
    for (const heading of told.slice(1, -1))
      expect(heading).toMatch(/^trueup: applying, \d+ of \d+ steps done$/u);
    expect(told.at(-1)).toBe("trueup: done");
    expect(bodies()).toHaveLength(1);
  });

  test("stopped by its time is carried on by the clock under the same approval, and told in the same comment", async () => {
    runner = await startRunner({ clock: "virtual" });
    const stopped = await apply(await planAndMerge(24), { "max-duration": "10m" });
    expect({ code: stopped.code, log: stopped.log }).toMatchObject({ code: 0 });
    expect(workers()).toBeLessThan(24);
    expect(bodies()[0]).toContain("stopped with work left");
    const done = await carryOn();
    expect({ code: done.code, log: done.log }).toMatchObject({ code: 0 });
    expect(workers()).toBe(24);
    expect(bodies()).toHaveLength(1);
    expect(bodies()[0]).toContain("### trueup: done");
    expect(readMarker(bodies()[0]!)).toMatchObject({ shows: "plan", label: "default" });
  });

  test("goes on when the comment cannot be written, and says so once", async () => {
    runner = await startRunner({ clock: "virtual" });
    const commit = await planAndMerge(24);
    runner.github.fault = ({ method, path }) =>
      method === "PATCH" && path.includes("/issues/comments/")
        ? { instead: { status: 403, body: { message: "Resource not accessible by integration" } } }
        : undefined;
    const job = await apply(commit);
    expect({ code: job.code, log: job.log }).toMatchObject({ code: 0 });
    expect(workers()).toBe(24);
    expect(job.commands.filter((line) => line.startsWith("::warning")).length).toBeLessThanOrEqual(2);
  });
});

describe.each(["SIGINT", "SIGTERM"] as const)("a job that is ended by %s", (signal) => {
  test("gives the lock back and leaves a whole journal: the next job carries on at once", async () => {
    runner = await startRunner({ limits: "off", latencyMs: 60 });
    const commit = await planAndMerge(12);
    let isSent = false;
    const job = await runner.run({
      event: "push",
      sha: commit,
      inputs: { command: "apply", ...state },
      onLog: (text, child) => {
        if (isSent || !/\[\d+\/\d+\]/u.test(text)) return;
        isSent = true;
        child.kill(signal);
      },
    });
    expect(isSent).toBe(true);
    expect({ code: job.code, log: job.log }).toMatchObject({ code: 1 });
    expect(job.summary).toContain("interrupted");
    expect(workers()).toBeLessThan(12);
    const { repository } = runner;
    const kept = await repository.git(
      repository.folder,
      `--git-dir=${repository.remote}`,
      "ls-tree",
      "-r",
      "--name-only",
      "trueup-state",
    );
    expect(kept).not.toMatch(/\block\b/u);
    const done = await carryOn();
    expect({ code: done.code, log: done.log }).toMatchObject({ code: 0 });
    expect(workers()).toBe(12);
    expect(bodies().at(-1)).toContain("### trueup: done");
  });
});
