import { afterEach, beforeEach, expect, test } from "vitest";
import { forbidden, GithubStandIn } from "./stand-in.ts";
import { joinSecret } from "../../src/core/base/secret.ts";
import { openGithub, type Github } from "../../src/github/client.ts";
import { writeCheck } from "../../src/github/checks.ts";
import { keepComment } from "../../src/github/keep-comment.ts";
import { makeTransport } from "../../src/world/transport.ts";
import { problemsOf } from "../observe.ts";
import { makeClock } from "../store/clock.ts";

let standIn: GithubStandIn;
let close: () => Promise<void>;
beforeEach(async () => void (standIn = await GithubStandIn.start()));
afterEach(async () => {
  await close();
  await standIn.close();
});

/** GitHub at an address, as `GITHUB_API_URL` says it. */
function open(path: string): Github {
  const transport = makeTransport();
  close = transport.close;
  return openGithub({
    apiUrl: standIn.url + path,
    repository: "acme/infra",
    token: joinSecret("t"),
    userAgent: "trueup/test",
    world: { ...makeClock().world, send: transport.send },
  });
}

const keep = (github: Github, body: string) =>
  keepComment(github, 7, { marker: { shows: "plan", label: "web" }, body, hasChanges: true }, "always-new");

test.each(["", "/", "/api/v3", "/api/v3/", "/api/v1"])(
  "with the address %j comments are made, found again and folded away",
  async (path) => {
    const github = open(path);
    await keep(github, "one");
    await keep(github, "two");
    expect(standIn.comments).toHaveLength(2);
    expect(standIn.minimised).toHaveLength(1);
    expect(standIn.unknown).toEqual([]);
  },
);

test("an Enterprise server has GraphQL beside its REST API", async () => {
  const asked: string[] = [];
  standIn.fault = ({ path }) => void asked.push(path);
  const github = open("/api/v3");
  await keep(github, "one");
  await keep(github, "two");
  expect(asked).toContain("/graphql");
});

test("Gitea, which has neither GraphQL nor check runs, gets its comment all the same; what it lacks is an error of its own", async () => {
  const missing = { instead: { status: 404, body: { message: "Not Found" } } };
  standIn.fault = ({ path }) => (path === "/graphql" || path.includes("check-runs") ? missing : undefined);
  const github = open("/api/v1");
  await keep(github, "one");
  await keep(github, "two");
  expect(standIn.comments.map(({ body }) => String(body).split("\n")[1])).toEqual(["one", "two"]);
  const check = {
    name: "trueup",
    commit: "a".repeat(40),
    conclusion: "success",
    title: "t",
    summary: "s",
    annotations: [],
  } as const;
  expect((await problemsOf(writeCheck(github, check))).length).toBeGreaterThan(0);
});

test("a server that answers a read with 403 and another page's HTML is not taken for an empty list", async () => {
  standIn.fault = ({ path }) => (path.includes("/comments") ? { instead: forbidden("") } : undefined);
  expect(await problemsOf(keep(open("/api/v3"), "one"))).toMatchObject([{ code: "github-forbidden" }]);
});
