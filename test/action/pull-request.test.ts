import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { forbidden } from "../github/stand-in.ts";
import { pullRequest, startRunner, type Job, type Runner } from "./runner.ts";

const service = (name: string, more = ""): string =>
  `  - {type: worker, name: ${name}, runtime: image, image: {url: nginx}, plan: starter${more}}\n`;
const file = (...names: readonly string[]): string =>
  `services:\n${names.map((name) => service(name)).join("")}`;

let runner: Runner;
beforeEach(async () => void (runner = await startRunner()));
afterEach(async () => {
  expect(runner.github.unknown).toEqual([]);
  await runner.close();
});

const state = { state: "git" };
const plan = (head: string, inputs: { readonly [name: string]: string } = {}, at = "feature"): Promise<Job> =>
  runner.run({
    event: "pull_request",
    payload: pullRequest(7, head),
    inputs: { command: "plan", ...state, ...inputs },
    at,
  });
const apply = (commit: string, inputs: { readonly [name: string]: string } = {}): Promise<Job> =>
  runner.run({ event: "push", sha: commit, inputs: { command: "apply", ...state, ...inputs }, at: "main" });
const bodies = () => runner.github.comments.map(({ body }) => String(body));
const services = () =>
  runner.simulator
    .save()
    .tables["services"]?.map((row) => (row as unknown as { readonly name: string }).name)
    .filter((name) => ["one", "two", "three"].includes(name))
    .sort() ?? [];

describe("a pull request", () => {
  test("is told its plan, once, and what merging it does is exactly that", async () => {
    const head = await runner.push("feature", file("one", "two"));
    const planned = await plan(head);
    expect({ code: planned.code, log: planned.log }).toMatchObject({ code: 0 });
    expect(bodies()).toHaveLength(1);
    expect(bodies()[0]).toContain("### trueup: 2 to create");
    expect(planned.summary).toContain("### trueup: 2 to create");
    expect(planned.outputs.get("changes")).toBe("true");
    expect(planned.outputs.get("plan_hash")).toMatch(/^[0-9a-f]{64}$/u);
    expect(planned.outputs.get("comment-url")).toContain("#issuecomment-");
    expect(services()).toEqual([]);
    // Again: nothing is written to GitHub but the check run, which is of this job.
    const before = runner.github.writes().length;
    const first = bodies()[0];
    await plan(head);
    expect(bodies()[0]).toBe(first);
    expect(runner.github.writes().slice(before)).toEqual([expect.stringMatching(/^PATCH .*check-runs/u)]);

    const applied = await apply(await runner.merge(head, file("one", "two")));
    expect({ code: applied.code, log: applied.log }).toMatchObject({ code: 0 });
    expect(services()).toEqual(["one", "two"]);
    expect(bodies()).toHaveLength(1);
    expect(bodies()[0]).toContain("### trueup: done");
    expect(applied.outputs.get("failure-reason")).toBeUndefined();
  });

  test("whose merge would do something else than it showed is not applied, and says what differs", async () => {
    const head = await runner.push("feature", file("one"));
    await plan(head);
    const commit = await runner.merge(head, file("one", "two"));
    const stopped = await apply(commit);
    expect(stopped.code).toBe(1);
    expect(stopped.outputs.get("failure-reason")).toBe("plan-changed");
    expect(stopped.summary).toContain("it showed 1 to create, and now it is 2 to create");
    expect(services()).toEqual([]);
    const replanned = await apply(commit, { "on-stale": "replan" });
    expect({ code: replanned.code, log: replanned.log }).toMatchObject({ code: 0 });
    expect(services()).toEqual(["one", "two"]);
  });

  test("of which no plan was recorded is not applied", async () => {
    const head = await runner.push("feature", file("one"));
    const stopped = await apply(await runner.merge(head, file("one")));
    expect(stopped.code).toBe(1);
    expect(stopped.summary).toContain("No plan was recorded");
    expect(services()).toEqual([]);
  });

  test("is never applied itself, nor in a merge queue, which compares", async () => {
    const head = await runner.push("feature", file("one"));
    const inputs = { command: "apply", ...state };
    const here = await runner.run({
      event: "pull_request",
      payload: pullRequest(7, head),
      inputs,
      at: "feature",
    });
    expect(here.code).toBe(1);
    expect(here.summary).toContain("Nothing is applied in a pull request");
    expect(services()).toEqual([]);
  });

  test("in a merge queue is compared with what it showed, and recorded nowhere", async () => {
    const head = await runner.push("feature", file("one"));
    await plan(head);
    runner.github.pulls.push({
      number: 7,
      state: "open",
      head: { sha: head },
      base: { sha: "b".repeat(40), ref: "main" },
      merged_at: null,
      merge_commit_sha: null,
      commits: [],
    });
    const queue = async (text: string): Promise<Job> => {
      const synthetic = await runner.push("queue", text);
      const group = {
        head_sha: synthetic,
        head_ref: `refs/heads/gh-readonly-queue/main/pr-7-${"b".repeat(40)}`,
      };
      return runner.run({
        event: "merge_group",
        payload: { merge_group: group },
        inputs: { command: "plan", ...state },
        at: "queue",
      });
    };
    const same = await queue(file("one"));
    expect({ code: same.code, log: same.log }).toMatchObject({ code: 0 });
    const other = await queue(file("one", "two"));
    expect(other.code).toBe(1);
    expect(other.outputs.get("failure-reason")).toBe("plan-changed");
    expect(services()).toEqual([]);
  });

  test("of a fork is rehearsed without a key, told in the summary alone, and says what its change does", async () => {
    const base = await runner.push("main", file("one", "two"));
    const head = await runner.push("feature", file("one", "three"));
    const fork = pullRequest(7, head, { fork: true, base });
    const keyless = { RENDER_API_KEY: "", RENDERCAD_API_TOKEN: "", TRUEUP_STATE_KEY: "" };
    const before = runner.simulator.save();
    const job = await runner.run({
      event: "pull_request",
      payload: fork,
      inputs: { command: "plan", ...state },
      at: "feature",
      env: keyless,
    });
    expect({ code: job.code, log: job.log }).toMatchObject({ code: 0 });
    expect(job.summary).toContain("rehearsed on the simulator");
    expect(job.summary).toContain("1 to create, 1 to delete, 1 unchanged");
    expect(runner.github.writes()).toEqual([]);
    expect(runner.simulator.save().tables).toEqual(before.tables);
  });

  test("whose plan cannot be recorded is told it all the same, with a warning", async () => {
    const head = await runner.push("feature", file("one"));
    const hook = join(runner.repository.remote, "hooks/pre-receive");
    await writeFile(hook, "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    const planned = await plan(head, { label: "a`|@b" });
    expect({ code: planned.code, log: planned.log }).toMatchObject({ code: 0 });
    expect(bodies()[0]).toContain("could not be recorded");
    expect(bodies()[0]).toContain("### trueup ``a`|@b``: 1 to create");
    await rm(hook);
    expect(
      (await apply(await runner.merge(head, file("one")), { label: "a`|@b" })).outputs.get("failure-reason"),
    ).toBe("plan-changed");
  });

  test("an hour in which nothing is left to carry on is a green one", async () => {
    await runner.push("main", file("one"));
    const job = await runner.run({ event: "schedule", inputs: { command: "apply", ...state }, at: "main" });
    expect({ code: job.code, log: job.log }).toMatchObject({ code: 0 });
    expect(services()).toEqual([]);
  });

  test("a server over plain http gets no token", async () => {
    const head = await runner.push("feature", file("one"));
    const inputs = { command: "plan", ...state };
    const env = { GITHUB_API_URL: "http://github.acme.test/api/v3" };
    const job = await runner.run({
      event: "pull_request",
      payload: pullRequest(7, head),
      inputs,
      at: "feature",
      env,
    });
    expect(job.code).toBe(1);
    expect(job.log).toContain("GITHUB_API_URL is plain http");
  });

  test("a job that may not write is told which permission is missing, and its summary has all", async () => {
    runner.github.fault = ({ method }) =>
      method === "GET" ? undefined : { instead: forbidden("pull_requests=write") };
    const head = await runner.push("feature", file("one"));
    const planned = await plan(head);
    expect(planned.code).toBe(0);
    expect(planned.commands.join("\n")).toContain("pull-requests: write");
    expect(planned.summary).toContain("1 to create");
  });

  test("errors stand on the lines of the file, and secrets are masked before anything is printed", async () => {
    const text = file("one").replace("plan: starter", "plan: starterr");
    const head = await runner.push("feature", text);
    const keys = "RENDER_API_KEY=rnd-secret-of-the-input";
    const planned = await plan(head, { keys });
    expect(planned.code).toBe(1);
    expect(planned.commands[0]).toMatch(/^::add-mask::/u);
    const error = planned.commands.find((line) => line.startsWith("::error"));
    expect(error).toContain("file=trueup.yaml");
    expect(error).toContain("line=2");
    const rest = planned.log.split("\n").filter((line) => !line.startsWith("::add-mask::"));
    expect(rest.join("\n") + planned.summary).not.toContain("rnd-secret-of-the-input");
  });
});
