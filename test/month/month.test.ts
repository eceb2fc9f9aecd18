import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Ended } from "../shells/start-program.ts";
import { answerOf, blockOf, openTeam, type JobOptions, type Team } from "./team.ts";

/**
 * A normal team's month in CI: every push is applied by `apply --yes` on a runner, with no person near it. Each change either
 * goes through, or ends with one line that answers it; the line is run as it was printed, and has to work. Judged on the
 * account. The tests are days: each goes on from the one before.
 */
const state = "state: { backend: git, branch: trueup-state }\n";
const main = "databases:\n  - { name: main, plan: basic-256mb }\n";
const url = "{ key: DATABASE_URL, fromDatabase: { name: main, property: connectionString } }";

function worker(name: string, envVars: readonly string[] = [], region = "oregon"): string {
  const variables = envVars.length === 0 ? "" : `, envVars: [${envVars.join(", ")}]`;
  return `  - { type: worker, name: ${name}, runtime: node, plan: starter, region: ${region}, repo: "https://github.com/acme/${name}", buildCommand: b, startCommand: s${variables} }\n`;
}

function cron(name: string): string {
  return `  - { type: cron, name: ${name}, runtime: node, plan: starter, schedule: "0 3 * * *", repo: "https://github.com/acme/jobs", buildCommand: b, startCommand: "run ${name}" }\n`;
}

const log = (level: string): string => `{ key: LOG_LEVEL, value: ${level} }`;
const file = (...blocks: readonly string[]): string => `${state}${main}services:\n${blocks.join("")}`;
const jobs = cron("hourly") + cron("daily") + cron("weekly");
const apply = "trueup apply --yes";

let team: Team;
beforeAll(async () => void (team = await openTeam()));
afterAll(() => team.close());

/** Pushes, and applies as CI does; goes through without a word from anybody. */
async function passes(text: string, line = apply): Promise<void> {
  await team.push({ "trueup.yaml": text });
  const { code, stdout, stderr } = await team.job(line);
  expect({ code, said: code === 0 ? "" : stdout + stderr }).toEqual({ code: 0, said: "" });
}

/** Refused for these reasons, with nothing written; the line that it ends with is then run as it stands. */
async function passesByItsLine(
  text: string,
  codes: readonly string[],
  { line = apply, ...options }: JobOptions & { readonly line?: string } = {},
): Promise<Ended> {
  await team.push({ "trueup.yaml": text });
  const before = accountText();
  const refused = await team.job(line, options);
  expect(refused.code, refused.stdout + refused.stderr).toBe(3);
  for (const code of codes) expect(refused.stdout).toMatch(new RegExp(`^ +${code}\\b`, "m"));
  expect(accountText()).toBe(before);
  const answered = await team.job(answerOf(refused), options);
  expect(answered.code, answered.stdout + answered.stderr).toBe(0);
  return refused;
}

function accountText(): string {
  return JSON.stringify(team.simulator.save().tables);
}

const valueOf = (service: string, key: string): unknown =>
  team
    .rows("services")
    .filter(({ name }) => name === service)
    .flatMap((row) => row["envVars"] as readonly { readonly key: string; readonly value: string }[])
    .find((one) => one.key === key)?.value;

describe("a month of a team", () => {
  test("the first push makes everything", async () => {
    await passes(file(worker("api", [url, log("info")]), jobs));
    expect(team.names("services")).toEqual(["api", "daily", "hourly", "weekly"]);
  });

  test("a service more, and a variable", async () => {
    await passes(file(worker("api", [url, log("debug")]), worker("mail"), jobs));
    expect(team.names("services")).toEqual(["api", "daily", "hourly", "mail", "weekly"]);
    expect(valueOf("api", "LOG_LEVEL")).toBe("debug");
  });

  test("one cron job of three is dropped, and a variable", async () => {
    await passes(file(worker("api", [url]), worker("mail"), cron("hourly"), cron("weekly")));
    expect(team.names("services")).toEqual(["api", "hourly", "mail", "weekly"]);
    expect(valueOf("api", "LOG_LEVEL")).toBeUndefined();
  });

  test("another name for a service: the block that the refusal offers, pasted, renames it", async () => {
    const before = team.rows("services").find(({ name }) => name === "mail")?.["id"];
    const renamed = file(
      worker("api", [url]),
      worker("post").replace("acme/post", "acme/mail"),
      cron("hourly"),
      cron("weekly"),
    );
    await team.push({ "trueup.yaml": renamed });
    const refused = await team.job(apply);
    expect(refused.code).toBe(3);
    expect(refused.stdout).toContain("renamedFrom: mail");
    await passes(renamed + blockOf(refused));
    expect(team.rows("services").find(({ name }) => name === "post")?.["id"]).toBe(before);
    // Next week the block is taken out again.
    await passes(renamed);
  });

  test("a region changes: the old one stays until the new one is there", async () => {
    const before = team.rows("services").find(({ name }) => name === "post")?.["id"] as string;
    await team.edit("PUT", `/services/${before}/env-vars/TYPED`, { value: "by hand" });
    const moved = worker("post", [], "frankfurt").replace("acme/post", "acme/mail");
    await passesByItsLine(file(worker("api", [url]), moved, cron("hourly"), cron("weekly")), ["replace"]);
    const posts = team.rows("services").filter((row) => (row["name"] as string).startsWith("post"));
    expect(posts).toMatchObject([{ name: "post", region: "frankfurt" }]);
    expect(posts[0]?.["id"]).not.toBe(before);
    expect(valueOf("post", "TYPED")).toBe("by hand");
  });

  const frankfurt = worker("post", [], "frankfurt").replace("acme/post", "acme/mail");

  test("what somebody made in the dashboard is adopted", async () => {
    await team.edit("POST", "/services", {
      type: "background_worker",
      name: "search",
      ownerId: team.simulator.env["RENDER_OWNER_ID"]!,
      repo: "https://github.com/acme/search",
      serviceDetails: {
        runtime: "node",
        plan: "starter",
        region: "oregon",
        envSpecificDetails: { buildCommand: "b", startCommand: "s" },
      },
    });
    const blocks = [worker("api", [url]), frankfurt, worker("search"), cron("hourly"), cron("weekly")];
    await passesByItsLine(file(...blocks), ["adopt"]);
    expect(team.names("services")).toEqual(["api", "hourly", "post", "search", "weekly"]);
    await passes(file(...blocks));
  });

  const all = file(worker("api", [url]), frankfurt, worker("search"), cron("hourly"), cron("weekly"));

  test("a second file, which either job may forget, and which git then calls by another name", async () => {
    await team.push({
      "shop.yaml": `services:\n${worker("shop")}${worker("cart").replace("startCommand: s", "startCommand: c")}`,
    });
    await passes(all, `${apply} -f trueup.yaml -f shop.yaml`);
    await passes(all);
    expect(team.names("services")).toContain("cart");
    await team.push({ "shop.yaml": null, "apps/shop.yaml": `services:\n${worker("shop")}` });
    // A shallow checkout cannot tell a renamed file from a deleted one: what is not declared any more stays, and is said.
    const { code, stdout } = await team.job(`${apply} -f trueup.yaml -f apps/shop.yaml`);
    expect({
      code,
      said: stdout.includes("file-lost") || stdout.includes("it is not known whether"),
    }).toEqual({
      code: 0,
      said: true,
    });
    expect(team.names("services")).toEqual(["api", "cart", "hourly", "post", "search", "shop", "weekly"]);
  });

  test("a staging label is destroyed by the line that destroy itself prints, and a second time by the same words", async () => {
    const staging = `${state}databases:\n  - { name: staging, plan: basic-256mb }\nservices:\n${worker("preview")}`;
    await team.push({ "staging.yaml": staging });
    expect((await team.job(`${apply} -f staging.yaml --label staging`)).code).toBe(0);
    const refused = await team.job("trueup destroy --yes -f staging.yaml --label staging");
    expect(refused.code, refused.stdout + refused.stderr).toBe(3);
    const line = answerOf(refused);
    for (const round of ["once", "again"]) {
      const { code, stdout, stderr } = await team.job(line);
      expect({ round, code, said: code === 0 ? "" : stdout + stderr }).toEqual({ round, code: 0, said: "" });
      expect(team.names("postgres")).toEqual(["main"]);
      expect(team.names("services")).not.toContain("preview");
    }
  });

  test("an expired key stops the job with one sentence, and the next job with the new key goes through", async () => {
    await team.push({ "trueup.yaml": all.replace("startCommand: s,", "startCommand: s2,") });
    const before = accountText();
    const { code, stdout, stderr } = await team.job(apply, { env: { RENDER_API_KEY: "rnd_expired" } });
    expect(code).toBe(1);
    expect(stdout + stderr).toMatch(/unauthorized|RENDER_API_KEY|key/);
    expect(accountText()).toBe(before);
    expect((await team.job(apply)).code).toBe(0);
  });

  test("a fork has no secrets: the file is checked, and nothing else is promised", async () => {
    const nothing = {
      RENDER_API_KEY: undefined,
      RENDERCAD_API_TOKEN: undefined,
      TRUEUP_STATE_KEY: undefined,
    };
    const env = { ...nothing, RENDER_OWNER_ID: undefined };
    expect((await team.job("trueup validate", { env })).code).toBe(0);
    const { code, stdout, stderr } = await team.job("trueup plan", { env });
    expect(code).toBe(1);
    expect(stdout + stderr).toMatch(/TRUEUP_STATE_KEY|RENDER_API_KEY/);
  });

  test("a job of an older commit that is run again takes nothing back, unless it is told to", async () => {
    const commit = (await team.git("rev-parse", "HEAD")).trim();
    await passes(
      file(
        worker("api", [url]),
        frankfurt,
        worker("search"),
        worker("fresh"),
        cron("hourly"),
        cron("weekly"),
      ),
    );
    const refused = await team.job(apply, { commit });
    expect(refused.code, refused.stdout + refused.stderr).toBe(3);
    expect(refused.stdout).toContain("older-commit");
    expect(team.names("services")).toContain("fresh");
    const answered = await team.job(answerOf(refused), { commit });
    expect(answered.code, answered.stdout + answered.stderr).toBe(0);
    expect(team.names("services")).not.toContain("fresh");
  });

  test("the database goes, by one line that says what is lost", async () => {
    const rest = `${state}services:\n${worker("api")}${frankfurt}${worker("search")}${cron("hourly")}${cron("weekly")}`;
    const { stdout } = await passesByItsLine(rest, ["data-loss", "export-lost"]);
    expect(
      blockOf({ stdout })
        .split("\n")
        .filter((line) => line.includes("render/postgres/main")),
    ).toHaveLength(1);
    expect(team.names("postgres")).toEqual([]);
  });
});
