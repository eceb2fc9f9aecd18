import examples from "@octokit/webhooks-examples" with { type: "json" };
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readEvent } from "../../src/shells/action/event.ts";
import { readInputs } from "../../src/shells/action/inputs.ts";
import { ProblemError } from "../../src/core/base/problem.ts";

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "trueup-test-"))));
afterEach(() => rm(folder, { recursive: true }));

type Examples = readonly { readonly name: string; readonly examples: readonly unknown[] }[];
const payloadsOf = (name: string): readonly unknown[] =>
  (examples as unknown as Examples).find((one) => one.name === name)?.examples ?? [];

let files = 0;

async function read(name: string, payload: unknown) {
  const path = join(folder, `event-${(files += 1)}.json`);
  await writeFile(path, JSON.stringify(payload));
  return readEvent({ GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: path, GITHUB_SHA: "c".repeat(40) });
}

test("events as GitHub delivers them are read: pull requests with their forks, merge groups, pushes and others", async () => {
  const pulls = await Promise.all(payloadsOf("pull_request").map((one) => read("pull_request", one)));
  expect(pulls.length).toBeGreaterThan(5);
  for (const one of pulls)
    expect(one).toMatchObject({ event: "pull-request", number: expect.any(Number) as number });
  const groups = await Promise.all(payloadsOf("merge_group").map((one) => read("merge_group", one)));
  for (const one of groups)
    expect(one).toMatchObject({
      event: "merge-group",
      head: expect.stringMatching(/^[0-9a-f]{40}$/u) as string,
    });
  expect(await read("push", payloadsOf("push")[0])).toEqual({ event: "push", commit: "c".repeat(40) });
  for (const name of ["schedule", "workflow_dispatch", "repository_dispatch"])
    expect(await read(name, {})).toEqual({ event: "other", name });
});

test("an event that is not what it says is of no pull request", async () => {
  for (const payload of [
    null,
    [],
    1,
    {},
    { pull_request: null },
    { pull_request: { number: "7", head: {}, base: {} } },
  ])
    expect(await read("pull_request", payload)).toEqual({ event: "other", name: "pull_request" });
  const hostile = { number: 7, head: { sha: "$(id)" }, base: { sha: "b".repeat(40) } };
  expect(await read("pull_request", { pull_request: hostile })).toEqual({
    event: "other",
    name: "pull_request",
  });
  const gone = {
    number: 7,
    head: { sha: "a".repeat(40), repo: null },
    base: { sha: "b".repeat(40), repo: { id: 1 } },
  };
  expect(await read("pull_request", { pull_request: gone })).toMatchObject({ isFork: true });
});

test("a merge group tells the pull request that it was made for", async () => {
  const group = {
    head_sha: "a".repeat(40),
    head_ref: `refs/heads/gh-readonly-queue/main/pr-7-${"b".repeat(40)}`,
  };
  expect(await read("merge_group", { merge_group: group })).toMatchObject({ number: 7 });
  expect(
    await read("merge_group", { merge_group: { ...group, head_ref: "refs/heads/pr-8" } }),
  ).not.toHaveProperty("number");
});

test("inputs have their defaults, and all that cannot be read is told at once, without a key", () => {
  expect(readInputs({})).toMatchObject({
    command: "plan",
    comment: "true",
    onStale: "stop",
    adopt: false,
    allowEnv: [],
    files: [],
  });
  const given = {
    INPUT_COMMAND: "aply",
    "INPUT_FAIL-ON": "changes, nothing",
    "INPUT_MAX-DURATION": "5 hours",
    "INPUT_ALLOW-DELETES": "many",
    INPUT_STATE: "git:--upload-pack=x",
    INPUT_KEYS: "rnd_secret",
  };
  let told: readonly string[] = [];
  try {
    readInputs(given);
  } catch (error) {
    told = (error as ProblemError).problems.map(({ message, remedy }) => `${message} ${remedy}`);
  }
  expect(told).toHaveLength(6);
  expect(told.join()).not.toContain("rnd_secret");
  expect(
    readInputs({
      "INPUT_FAIL-ON": "changes,drift\nrefused",
      INPUT_KEYS: "A=b=c\nB=",
      "INPUT_MAX-DURATION": "1h30m",
    }),
  ).toMatchObject({
    failOn: ["changes", "drift", "refused"],
    keys: { A: "b=c", B: "" },
    maxDuration: 5_400_000,
  });
});
