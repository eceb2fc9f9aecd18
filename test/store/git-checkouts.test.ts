import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emptyInventory } from "../../src/core/model/inventory.ts";
import { revealSecret } from "../../src/core/base/secret.ts";
import { findRemote } from "../../src/store/git/git-remote.ts";
import { openGitStore, type GitStoreOptions } from "../../src/store/git/git-store.ts";
import type { Store } from "../../src/store/base/store.ts";
import { problemsOf } from "../observe.ts";
import { makeClock } from "./clock.ts";
import { began, holder, intent, key } from "./contract.ts";
import { makeRepository, readBranch, type Repository } from "./repository.ts";

const environment = { PATH: process.env["PATH"], HOME: "/nonexistent" };
const clock = makeClock();
let repository: Repository;
beforeAll(async () => void (repository = await makeRepository()));
afterAll(() => repository.close());

function open(folder: string, branch: string, more: Partial<GitStoreOptions> = {}): Store {
  return openGitStore({ world: clock.world, key, folder, label: "default", environment, branch, ...more });
}

async function commitOnce(store: Store, run = "r1"): Promise<void> {
  const locked = await store.lock(holder(run));
  await locked.append(began(run, 1));
  await locked.append(intent(run, "create render/service/api"));
  await locked.commit((await store.inventory()) ?? emptyInventory("line"));
  await locked.unlock();
}

const log = (branch: string, ...words: readonly string[]): Promise<string> =>
  repository.git(repository.remote, "log", ...words, branch);

describe("the state branch", () => {
  test("has a history that people can read, of its own and without merges", async () => {
    const checkout = await repository.checkOut();
    await commitOnce(open(checkout, "readable"));
    expect((await log("readable", "--reverse", "--format=%s (%an)")).trim().split("\n")).toEqual([
      "Lock: run r1 of ada (trueup)",
      "Run r1 began, and 1 more (trueup)",
      "Inventory 1 (trueup)",
      "Unlock: run r1 (trueup)",
    ]);
    expect(await log("readable", "--merges", "--format=%H")).toBe("");
    const shared = repository.git(repository.remote, "merge-base", "readable", "main");
    await expect(shared, "nothing in common with the code").rejects.toThrow();
    expect(await readBranch(repository, "readable", "README.md")).toContain("trueup");
  });

  test("several runs on it at once write one after the other, each its own label", async () => {
    const labels = ["a", "b", "c"];
    const checkout = await repository.checkOut();
    await Promise.all(labels.map((label) => commitOnce(open(checkout, "shared", { label }), `run-${label}`)));
    for (const label of labels)
      expect((await open(checkout, "shared", { label }).inventory())?.serial).toBe(1);
    expect(await log("shared", "--merges", "--format=%H")).toBe("");
    const titles = (await log("shared", "--format=%s")).trim().split("\n");
    expect(titles.filter((title) => title.startsWith("Inventory 1"))).toHaveLength(3);
  });

  test("that another run pushes to between a look and a fetch is read as it is then", async () => {
    const branch = "overtaken";
    const folder = await repository.checkOut();
    await commitOnce(open(folder, branch));
    // Stands before git: the first fetch finds the branch one commit further than the listing before it said.
    const bin = join(repository.folder, "bin");
    await mkdir(bin);
    const push = `git clone --quiet --branch ${branch} ${repository.remote} ${bin}/other && git -C ${bin}/other -c user.name=a -c user.email=a@a.test commit --quiet --allow-empty -m other && git -C ${bin}/other push --quiet origin ${branch}`;
    const rest = environment.PATH ?? "";
    const script = `#!/bin/sh\nPATH="${rest}"\ncase " $* " in *" fetch "*) test -d ${bin}/other || { ${push}; } >&2 ;; esac\nexec git "$@"\n`;
    await writeFile(join(bin, "git"), script, { mode: 0o755 });
    const slow = { ...environment, PATH: `${bin}:${rest}` };
    expect((await open(folder, branch, { environment: slow }).inventory())?.serial).toBe(1);
    expect(await log(branch, "-1", "--format=%s")).toBe("other\n");
  });

  test("one push carries every intent that came while the push before it was under way", async () => {
    const store = open(await repository.checkOut(), "grouped");
    const locked = await store.lock(holder("r1"));
    await Promise.all(Array.from({ length: 20 }, (_, index) => locked.append(intent("r1", `step ${index}`))));
    expect(await store.journal()).toHaveLength(20);
    await locked.unlock();
    const commits = (await log("grouped", "--format=%s")).trim().split("\n");
    expect(commits.length, "the lock, at most three for the intents, the unlock").toBeLessThanOrEqual(5);
  });

  test("lies in a folder of the branch when the file says so", async () => {
    const checkout = await repository.checkOut();
    await commitOnce(open(checkout, "inner", { path: "infra/state" }));
    expect(await readBranch(repository, "inner", "infra/state/default/inventory.json")).toContain("line");
  });
});

describe("a checkout", () => {
  const facts = async (folder: string): Promise<string> =>
    [
      await repository.git(folder, "status", "--porcelain", "--branch", "--ignored"),
      await repository.git(folder, "rev-parse", "HEAD", "--is-shallow-repository"),
      await repository.git(folder, "for-each-ref"),
      await repository.git(folder, "config", "--local", "--list"),
      await repository.git(folder, "count-objects"),
    ].join("");

  test.each(["checkOut", "clone"] as const)("is left exactly as it was (%s)", async (make) => {
    const folder = await repository[make]();
    const before = await facts(folder);
    await commitOnce(open(folder, `untouched-${make}`));
    expect(await facts(folder)).toBe(before);
    expect((await open(folder, `untouched-${make}`).inventory())?.serial).toBe(1);
  });

  test("may be in a folder below, and its origin a path relative to its top", async () => {
    const folder = await repository.clone();
    await repository.git(folder, "remote", "set-url", "origin", "../remote.git");
    await repository.git(folder, "config", "core.hooksPath", "/nonexistent");
    await mkdir(join(folder, "infra"));
    await commitOnce(open(join(folder, "infra"), "below"));
    expect((await open(folder, "below").inventory())?.serial).toBe(1);
  });

  test("without an origin, or no checkout at all, is an error that says so", async () => {
    const folder = await repository.clone();
    await repository.git(folder, "remote", "remove", "origin");
    expect(await problemsOf(open(folder, "x").inventory())).toMatchObject([{ code: "state-no-remote" }]);
    expect(await problemsOf(open("/", "x").inventory())).toMatchObject([
      { code: "state-no-remote", message: expect.stringContaining("is in none") as string },
    ]);
  });

  test("whose origin does not answer is an error that names it and what git said", async () => {
    const folder = await repository.clone();
    await repository.git(folder, "remote", "set-url", "origin", join(repository.folder, "gone.git"));
    expect(await problemsOf(open(folder, "x").inventory())).toMatchObject([
      {
        code: "state-unreachable",
        message: expect.stringMatching(/gone\.git cannot be reached: fatal: /u) as string,
      },
    ]);
  });

  test("whose origin takes no pushes is an error, and leaves no lock", async () => {
    const folder = await repository.clone();
    const closed = join(repository.folder, "closed.git");
    await repository.git(repository.folder, "clone", "--quiet", "--bare", repository.remote, closed);
    await writeFile(join(closed, "hooks", "pre-receive"), "#!/bin/sh\necho not today >&2\nexit 1\n", {
      mode: 0o755,
    });
    await repository.git(folder, "remote", "set-url", "origin", closed);
    expect(await problemsOf(open(folder, "x").lock(holder("r1")))).toMatchObject([
      { code: "state-unreachable" },
    ]);
  });
});

describe("the key", () => {
  test("comes from TRUEUP_STATE_KEY and nowhere else", async () => {
    const folder = await repository.clone();
    const { key: _key, ...rest } = { world: clock.world, key, folder, label: "default", environment };
    expect(await problemsOf(openGitStore(rest).key())).toMatchObject([{ code: "key-missing" }]);
    expect(await open(folder, "x").key()).toBeDefined();
  });
});

describe("names that git would take for something else are refused", () => {
  test.each(["--upload-pack=x", "../x", "a..b", "/x", "x/", "a b", ""])("branch %j", (branch) => {
    expect(() => open("/", branch)).toThrow(/state\.branch/u);
  });

  test.each(["../x", "/etc", "a/../../b"])("path %j", (path) => {
    expect(() => open("/", "x", { path })).toThrow(/state\.path/u);
  });
});

describe("the credentials of an HTTPS remote", () => {
  const find = async (url: string, more: { readonly [name: string]: string } = {}, header?: string) => {
    const folder = await repository.clone();
    await repository.git(folder, "remote", "set-url", "origin", url);
    if (header !== undefined)
      await repository.git(folder, "config", "http.https://github.com/.extraheader", header);
    const { url: clean, credentials } = await findRemote(folder, { ...environment, ...more });
    const opened = credentials && `${credentials.user} ${revealSecret(credentials.password)}`;
    return { url: clean, opened };
  };
  const plain = "https://github.com/acme/app";
  const persisted = `AUTHORIZATION: basic ${Buffer.from("x-access-token:persisted").toString("base64")}`;

  test("come out of its URL, which then has none", async () => {
    expect(await find("https://bot:tok%2Fen@github.com/acme/app")).toEqual({
      url: plain,
      opened: "bot tok/en",
    });
  });

  test("are those that actions/checkout left behind", async () => {
    const found = await find(plain, { GITHUB_TOKEN: "other" }, persisted);
    expect(found).toEqual({ url: plain, opened: "x-access-token persisted" });
  });

  test("are GITHUB_TOKEN with persist-credentials: false, towards GitHub only", async () => {
    expect((await find(plain, { GITHUB_TOKEN: "ambient" })).opened).toBe("x-access-token ambient");
    expect((await find("https://git.example.org/app", { GITHUB_TOKEN: "ambient" })).opened).toBeUndefined();
    expect((await find("http://github.com/acme/app", { GITHUB_TOKEN: "ambient" })).opened).toBeUndefined();
    const enterprise = { GITHUB_TOKEN: "ambient", GITHUB_SERVER_URL: "https://git.example.org" };
    expect((await find("https://git.example.org/app", enterprise)).opened).toBe("x-access-token ambient");
    expect((await find(plain, enterprise)).opened).toBeUndefined();
  });

  test("can be given by TRUEUP_GIT_TOKEN before all others", async () => {
    const found = await find(plain, { TRUEUP_GIT_TOKEN: "given", GITHUB_TOKEN: "ambient" }, persisted);
    expect(found.opened).toBe("x-access-token given");
  });

  test("are left to git for SSH", async () => {
    expect(await find("git@github.com:acme/app.git", { GITHUB_TOKEN: "ambient" })).toEqual({
      url: "git@github.com:acme/app.git",
      opened: undefined,
    });
  });
});
