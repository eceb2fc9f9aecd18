import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { joinSecret } from "../../src/core/base/secret.ts";
import { openGithub, type Github } from "../../src/github/client.ts";
import { writeCheck } from "../../src/github/checks.ts";
import { keepComment, type CommentContent, type CommentMode } from "../../src/github/keep-comment.ts";
import { keepRollup } from "../../src/github/keep-rollup.ts";
import { readMarker, writeMarker } from "../../src/github/marker.ts";
import { makeTransport } from "../../src/world/transport.ts";
import { makeClock } from "../store/clock.ts";
import { problemsOf } from "../observe.ts";
import { forbidden, GithubStandIn } from "./stand-in.ts";

let standIn: GithubStandIn;
let github: Github;
let slept: number[];
let close: () => Promise<void>;
beforeEach(async () => {
  standIn = await GithubStandIn.start();
  const transport = makeTransport();
  const { world } = makeClock();
  slept = [];
  const sleep = async (time: number): Promise<void> => void slept.push(time);
  const options = {
    apiUrl: standIn.url,
    repository: "acme/infra",
    token: joinSecret("t"),
    userAgent: "trueup/test",
  };
  github = openGithub({ ...options, world: { ...world, send: transport.send, sleep } });
  close = transport.close;
});
afterEach(async () => {
  await close();
  await standIn.close();
  expect(standIn.unknown).toEqual([]);
});

const head = "3f2a".repeat(10);
const content = (label: string, body: string, hasChanges = true): CommentContent => ({
  marker: { shows: "plan", label, hash: "9c41", commit: head },
  body,
  hasChanges,
});
const keep = (one: CommentContent, mode: CommentMode = "true") => keepComment(github, 7, one, mode);
const bodies = () => standIn.comments.map(({ body }) => String(body).split("\n").slice(1).join("\n"));

describe("the comment of a label", () => {
  test("is made once, edited in place, and not written when it says the same", async () => {
    const url = await keep(content("web", "one"));
    expect(url).toContain("/pull/7#issuecomment-");
    expect(await keep(content("web", "one"))).toBe(url);
    expect(standIn.writes()).toHaveLength(1);
    expect(await keep(content("web", "two"))).toBe(url);
    expect(bodies()).toEqual(["two"]);
    expect(standIn.writes()).toHaveLength(2);
  });

  test("is never another label's, nor one that somebody else wrote, whatever that begins with", async () => {
    const copied = `${writeMarker(content("web", "").marker)}\nmine`;
    standIn.say(7, "mallory", copied);
    standIn.say(7, "github-actions[bot]", 'no marker\n<!-- trueup {"shows":"plan","label":"web"} -->');
    await keep(content("api", "of api"));
    await keep(content("web", "of web"));
    expect(bodies()).toEqual(["mine", expect.any(String) as string, "of api", "of web"]);
    expect(standIn.comments[0]!["body"]).toBe(copied);
  });

  test("is found among hundreds, by the user of the token where that is a person's", async () => {
    standIn.user = "ada";
    await keep(content("web", "one"));
    for (let index = 0; index < 230; index += 1) standIn.say(7, "bob", `comment ${index}`);
    await keep(content("web", "two"));
    expect(bodies()[0]).toBe("two");
    expect(standIn.comments).toHaveLength(231);
  });

  test("with changes-only is made by the first change, and then kept true when there is none any more", async () => {
    expect(await keep(content("web", "nothing to do", false), "changes-only")).toBeUndefined();
    await keep(content("web", "1 to create"), "changes-only");
    await keep(content("web", "nothing to do", false), "changes-only");
    expect(bodies()).toEqual(["nothing to do"]);
  });

  test("with always-new is a new one, and the earlier one is folded away once", async () => {
    for (const body of ["one", "two", "three"]) await keep(content("web", body), "always-new");
    expect(bodies()).toEqual(["one", "two", "three"]);
    const closed = standIn.comments.map(({ body }) => readMarker(String(body))?.closed);
    expect(closed).toEqual([true, true, undefined]);
    expect(standIn.minimised).toEqual(standIn.comments.slice(0, 2).map(({ node_id: node }) => node));
  });

  test("that two jobs made at once is one again with the next", async () => {
    const body = `${writeMarker(content("web", "").marker)}\nold`;
    standIn.say(7, "github-actions[bot]", body);
    standIn.say(7, "github-actions[bot]", body);
    await keep(content("web", "new"));
    expect(bodies()).toEqual(["old", "new"]);
    expect(standIn.minimised).toHaveLength(1);
  });
});

describe("a call that goes wrong", () => {
  const onPost = ({ method }: { readonly method: string }) => method === "POST";

  test("a lost answer to a new comment makes no second one", async () => {
    standIn.fault = (seen) => (onPost(seen) ? { after: "drop" } : undefined);
    await keep(content("web", "one"));
    expect(standIn.comments).toHaveLength(1);
    standIn.comments.length = 0;
    standIn.fault = (seen) => (onPost(seen) ? { after: { status: 502, body: {} } } : undefined);
    await keep(content("web", "one"));
    expect(standIn.comments).toHaveLength(1);
  });

  test("a new comment that was not made is an error, and is not sent again blindly", async () => {
    standIn.fault = (seen) => (onPost(seen) ? { instead: { status: 500, body: {} } } : undefined);
    expect(await problemsOf(keep(content("web", "one")))).toMatchObject([{ code: "github-unreachable" }]);
    expect(standIn.requests.filter(onPost)).toHaveLength(1);
  });

  test("500 and a lost answer of what can be repeated are repeated", async () => {
    await keep(content("web", "one"));
    let faults = 3;
    standIn.fault = ({ method }) => {
      if (method !== "PATCH" || faults === 0) return undefined;
      faults -= 1;
      return faults % 2 === 0 ? { instead: { status: 503, body: {} } } : { after: "drop" };
    };
    await keep(content("web", "two"));
    expect(bodies()).toEqual(["two"]);
  });

  test.each([
    [{ "retry-after": "7" }, 7_000],
    [{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "" }, 1_000],
    [{}, 60_000],
  ])("a limit with %o is waited for, and then the call is done", async (headers, least) => {
    let met = 0;
    standIn.fault = ({ method }) => {
      if (method !== "POST" || met > 0) return undefined;
      met += 1;
      return {
        instead: { status: 403, headers, body: { message: "You have exceeded a secondary rate limit" } },
      };
    };
    await keep(content("web", "one"));
    expect(bodies()).toEqual(["one"]);
    expect(slept).toHaveLength(1);
    expect(slept[0]).toBeGreaterThanOrEqual(least);
    expect(slept[0]).toBeLessThan(least + 2_000);
  });

  test("a limit that ends in an hour is not waited for", async () => {
    standIn.fault = () => ({
      instead: { status: 429, headers: { "retry-after": "3600" }, body: { message: "later" } },
    });
    expect(await problemsOf(keep(content("web", "one")))).toMatchObject([{ code: "github-limited" }]);
    expect(slept).toEqual([]);
  });

  test.each([
    ["issues=write,pull_requests=write", "issues: write"],
    ["pull_requests=write", "pull-requests: write"],
    ["", "pull-requests: write"],
  ])("a missing permission (%s) is named as the block to paste", async (named, line) => {
    standIn.fault = (seen) => (onPost(seen) ? { instead: forbidden(named) } : undefined);
    const [problem] = await problemsOf(keep(content("web", "one")));
    expect(problem).toMatchObject({ code: "github-forbidden" });
    expect(problem!.frame).toBe(`permissions:\n  contents: read\n  ${line}`);
  });

  test("a list that is none is not taken for an empty one", async () => {
    standIn.fault = ({ method }) =>
      method === "GET" ? { instead: { status: 200, body: { message: "hm" } } } : undefined;
    expect(await problemsOf(keep(content("web", "one")))).toMatchObject([{ code: "github-odd-answer" }]);
    expect(standIn.comments).toEqual([]);
  });
});

describe("the roll-up", () => {
  const check = (label: string, text: string) =>
    writeCheck(github, {
      name: `trueup ${label}`,
      commit: head,
      conclusion: "success",
      title: text,
      summary: text,
      text,
      annotations: [],
    });
  const roll = () =>
    keepRollup(github, 7, {
      commit: head,
      lineOf: ({ name, text }) => (name.startsWith("trueup ") ? { label: name.slice(7), text } : undefined),
      render: (lines) => lines.map(({ label, text }) => `${label}: ${text}`).join("\n"),
    });

  test("has a line for each label, and none for other programs' checks", async () => {
    standIn.checks.push({ id: 1, name: "lint", head_sha: head, output: { text: "x" } });
    await check("web", "1 to create");
    await roll();
    await check("api", "nothing to do");
    await roll();
    await check("web", "2 to create");
    await roll();
    expect(bodies()).toEqual(["api: nothing to do\nweb: 2 to create"]);
  });

  test("loses no line of a job that writes at the same moment, before or after", async () => {
    await check("web", "w");
    let came = 0;
    standIn.meanwhile = ({ method, path }) => {
      if (method === "GET" || !path.includes("comments") || came >= 3) return;
      // Another job: its check run, then a comment that it made of what it had read before ours.
      came += 1;
      const name = `trueup other-${came}`;
      standIn.checks.push({ id: came, name, head_sha: head, output: { text: "o" } });
      for (const one of standIn.comments) one["body"] = String(one["body"]).replace("web: w", "");
    };
    await roll();
    expect(bodies()).toEqual(["other-1: o\nother-2: o\nother-3: o\nweb: w"]);
  });

  test("is one comment when two jobs make it at once", async () => {
    await check("web", "w");
    let isFirst = true;
    standIn.meanwhile = ({ method, path }) => {
      if (method !== "POST" || !path.endsWith("/comments") || !isFirst) return;
      isFirst = false;
      standIn.say(7, "github-actions[bot]", `${writeMarker({ shows: "rollup", commit: head })}\nother: o`);
    };
    await roll();
    expect(bodies()).toEqual(["web: w"]);
  });
});

test("more annotations than one call takes come with further calls, and a check run of a commit is written over", async () => {
  const annotations = Array.from({ length: 120 }, (_, index) => ({
    path: "trueup.yaml",
    line: index + 1,
    level: "warning" as const,
    title: "t",
    message: "m",
  }));
  const base = { name: "trueup", commit: head, conclusion: "neutral", title: "t", summary: "s" } as const;
  await writeCheck(github, { ...base, annotations });
  const sent = standIn.requests.filter(({ method }) => method !== "GET");
  const counts = sent.map(
    ({ body }) => (body["output"] as { readonly annotations: readonly unknown[] }).annotations.length,
  );
  expect(counts).toEqual([50, 50, 20]);
  await writeCheck(github, { ...base, annotations: [] });
  expect(standIn.checks).toHaveLength(1);
});

test.each(["a--b", "-->", "<!--", '"', "é\u202e", "x".repeat(200)])(
  "a marker keeps the label %j, and closes nothing",
  (label) => {
    const line = writeMarker({ shows: "plan", label });
    expect(line.slice(4, -3)).not.toMatch(/--|>|</u);
    expect(readMarker(`${line}\ntext`)?.label).toBe(label);
    expect(readMarker(`> ${line}`)).toBeUndefined();
  },
);
