import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type DriftReport, hasDrift } from "../../src/core/planning/drift.ts";
import { writesOf } from "../observe.ts";
import type { Scene } from "../scene.ts";
import { account as text } from "./account.ts";
import { openAccount, verdictsIn, type DriftedAccount } from "./drifted-account.ts";
import type { Call } from "./edit.ts";

let account: DriftedAccount;
let scene: Scene;
beforeAll(async () => {
  account = await openAccount();
  ({ scene } = account);
});
beforeEach(() => account.restore());
afterAll(() => scene.close());

/** What drift says after the file was changed by `edit` and the account by `calls`. */
async function driftAfter(edit: (file: string) => string, ...calls: readonly Call[]): Promise<DriftReport> {
  for (const call of calls) await account.perform(call);
  const edited = edit(text);
  await scene.write(edited);
  return scene.drift();
}

function replace(from: string, to: string): (file: string) => string {
  expect(text).toContain(from);
  return (file) => file.replace(from, to);
}

const same = (file: string): string => file;
const api = "/services/{services/api}";
const health = (path: string): Call => ["PATCH", api, { serviceDetails: { healthCheckPath: path } }];
const reportOn = (report: DriftReport) => ({
  verdicts: verdictsIn(report),
  pending: report.pending,
  drift: hasDrift(report),
});

describe("when the file moved as well", () => {
  test("and to something else: a conflict", async () => {
    const report = await driftAfter(replace("/healthz", "/ready"), health("/theirs"));
    expect(reportOn(report)).toEqual({
      verdicts: ["conflict render/service/api: healthCheckPath (both)"],
      pending: [],
      drift: true,
    });
  });

  test("and to the same: converged, which is no alarm, and an apply writes nothing", async () => {
    const report = await driftAfter(replace("/healthz", "/ready"), health("/ready"));
    expect(reportOn(report)).toEqual({
      verdicts: ["converged render/service/api"],
      pending: [],
      drift: false,
    });
    const sent = writesOf(scene).length;
    expect((await scene.apply()).verdict).toBe("done");
    expect(writesOf(scene).length).toBe(sent);
    expect(reportOn(await scene.drift())).toEqual({ verdicts: [], pending: [], drift: false });
  });

  test("and nobody else: pending, which is no drift", async () => {
    const report = await driftAfter(replace("/healthz", "/ready"));
    expect(reportOn(report)).toEqual({ verdicts: [], pending: ["render/service/api"], drift: false });
  });

  test("elsewhere in the same service: changed, and the field that the file moved says so", async () => {
    const report = await driftAfter(replace("/healthz", "/ready"), ["PATCH", api, { branch: "hotfix" }]);
    expect(reportOn(report)).toEqual({
      verdicts: ["changed render/service/api: branch, healthCheckPath (file)"],
      pending: [],
      drift: true,
    });
  });

  test("of an entry: a conflict, a convergence and a pending one", async () => {
    const level = "{ key: LEVEL, value: info }";
    const other = replace(level, "{ key: LEVEL, value: debug }");
    const put = (value: string): Call => ["PUT", `${api}/env-vars/LEVEL`, { value }];
    const conflict = await driftAfter(other, put("trace"));
    expect(verdictsIn(conflict)).toEqual(["conflict render/service/api: envVars.LEVEL (both)"]);
    const converged = await driftAfter(other, put("debug"));
    expect(verdictsIn(converged)).toEqual(["converged render/service/api"]);
    const pending = await driftAfter(other, put("info"));
    expect(reportOn(pending)).toEqual({ verdicts: [], pending: ["render/service/api"], drift: false });
  });

  test("by new and dropped blocks alone: pending", async () => {
    const report = await driftAfter((file) =>
      file.replace(/webhooks:\n.*\n/, "webhooks:\n  - { name: other, url: https://other.acme.test }\n"),
    );
    expect(reportOn(report)).toEqual({
      verdicts: [],
      pending: ["render/webhook/deploys", "render/webhook/other"],
      drift: false,
    });
  });

  test("by a block that it drops and somebody deleted: converged", async () => {
    const report = await driftAfter(
      (file) => file.replace(/webhooks:\n.*\n/, ""),
      ["DELETE", "/webhooks/{webhooks/deploys}"],
    );
    expect(reportOn(report)).toEqual({
      verdicts: ["converged render/webhook/deploys"],
      pending: [],
      drift: false,
    });
  });

  test("by settings of the workspace that it drops, which stay: pending", async () => {
    const report = await driftAfter((file) => file.replace(/notifications: \{ email.*\n/, ""));
    expect(reportOn(report)).toEqual({
      verdicts: [],
      pending: ["render/notification-settings/workspace"],
      drift: false,
    });
  });
});

describe("whole objects", () => {
  test("of which somebody put another one in the place: gone", async () => {
    const report = await driftAfter(
      same,
      ["DELETE", "/webhooks/{webhooks/deploys}"],
      [
        "POST",
        "/webhooks",
        {
          ownerId: "{owner}",
          name: "deploys",
          url: "https://hooks.acme.test/in",
          enabled: true,
          eventFilter: ["deploy_ended"],
        },
      ],
    );
    expect(reportOn(report)).toEqual({ verdicts: ["gone render/webhook/deploys"], pending: [], drift: true });
    const applied = await scene.apply({ adopt: true });
    expect(applied.verdict).toBe("done");
    expect(reportOn(await scene.drift())).toEqual({ verdicts: [], pending: [], drift: false });
  });

  test("that the file never named are nobody's drift", async () => {
    const report = await driftAfter(
      same,
      [
        "POST",
        "/webhooks",
        { ownerId: "{owner}", name: "theirs", url: "https://theirs.test", enabled: true, eventFilter: [] },
      ],
      ["POST", "/projects", { ownerId: "{owner}", name: "theirs", environments: [{ name: "production" }] }],
      ["POST", "/env-groups", { ownerId: "{owner}", name: "theirs", envVars: [] }],
    );
    expect(reportOn(report)).toEqual({ verdicts: [], pending: [], drift: false });
  });
});

describe("entries and fields", () => {
  const additions: readonly Call[] = [
    ["PUT", `${api}/env-vars/THEIRS`, { value: "1" }],
    ["PUT", `${api}/secret-files/theirs`, { content: "1" }],
    ["POST", "/services/{services/site}/headers", { path: "/*", name: "X-Theirs", value: "1" }],
    ["POST", `${api}/custom-domains`, { name: "theirs.acme.test" }],
  ];

  test("that the file never declared are no drift", async () => {
    const report = await driftAfter(same, ...additions);
    expect(reportOn(report)).toEqual({ verdicts: [], pending: [], drift: false });
  });

  test("whose value a database gives are drift when somebody changed that: a new user is the default one", async () => {
    const report = await driftAfter(same, [
      "POST",
      "/postgres/{postgres/main}/credentials",
      { username: "theirs" },
    ]);
    expect(reportOn(report)).toEqual({
      verdicts: ["changed render/service/api: envVars.DATABASE_URL"],
      pending: [],
      drift: true,
    });
  });

  test("are drift where the file is exclusive, and an apply takes them away", async () => {
    const exclusive = text
      .replace(
        "            domains:",
        "            envVarsExclusive: true\n            secretFilesExclusive: true\n            domainsExclusive: true\n            domains:",
      )
      .replace("    headers:", "    headersExclusive: true\n    headers:");
    await scene.write(exclusive);
    expect((await scene.apply()).verdict).toBe("done");
    const before = account.contents();
    const report = await driftAfter(() => exclusive, ...additions);
    expect(reportOn(report)).toEqual({
      verdicts: [
        "changed render/custom-domain/theirs.acme.test",
        "changed render/service/api: envVars.THEIRS, secretFiles.theirs",
        "changed render/service/site: headers./* X-Theirs",
      ],
      pending: [],
      drift: true,
    });
    expect((await scene.apply()).verdict).toBe("done");
    expect(account.contents()).toEqual(before);
  });

  test("that the file leaves out are no drift", async () => {
    const report = await driftAfter(same, ["PATCH", "/services/{services/site}", { branch: "theirs" }]);
    expect(reportOn(report)).toEqual({ verdicts: [], pending: [], drift: false });
  });

  test("that `lifecycle.ignore` names are no drift", async () => {
    const report = await driftAfter(
      replace(
        "            healthCheckPath: /healthz",
        "            lifecycle: { ignore: [/healthCheckPath] }\n            healthCheckPath: /healthz",
      ),
      health("/theirs"),
    );
    expect(reportOn(report)).toEqual({ verdicts: [], pending: [], drift: false });
  });

  test("that no API shows cannot be drift: another token at a registry", async () => {
    const login = { name: "ghcr", registry: "GITHUB", username: "acme", authToken: "theirs" };
    const report = await driftAfter(same, [
      "PATCH",
      "/registrycredentials/{registryCredentials/ghcr}",
      login,
    ]);
    expect(reportOn(report)).toEqual({ verdicts: [], pending: [], drift: false });
  });
});

describe("what an apply cannot take back", () => {
  test("a disk that somebody grew: changed, and refused", async () => {
    const report = await driftAfter(same, ["PATCH", "/disks/{disk/inner}", { sizeGB: 40 }]);
    expect(verdictsIn(report)).toEqual(["changed render/disk/inner: sizeGB"]);
    const applied = await scene.apply();
    expect(applied.verdict).toBe("refused");
    expect(applied.problems.map(({ code }) => code)).toEqual(["disk-shrink"]);
  });

  test("a database that grew where Render grows it by itself: nobody's drift", async () => {
    const report = await driftAfter(same, ["PATCH", "/postgres/{postgres/main}", { diskSizeGB: 40 }]);
    expect(reportOn(report)).toEqual({ verdicts: [], pending: [], drift: false });
  });

  test("a database that somebody grew: changed, and refused", async () => {
    const off = replace("storageAutoscalingEnabled: true", "storageAutoscalingEnabled: false");
    await scene.write(off(text));
    expect((await scene.apply()).problems).toEqual([]);
    const report = await driftAfter(off, ["PATCH", "/postgres/{postgres/main}", { diskSizeGB: 40 }]);
    expect(verdictsIn(report)).toEqual(["changed render/postgres/main: diskSizeGB"]);
    const applied = await scene.apply();
    expect(applied.verdict).toBe("refused");
    expect(applied.problems.map(({ code }) => code)).toEqual(["disk-shrink"]);
  });

  test("a domain that leads to a service where the file has none: gone, and the name is taken", async () => {
    const report = await driftAfter(
      same,
      ["DELETE", `${api}/custom-domains/api.acme.test`],
      ["POST", "/services/{services/site}/custom-domains", { name: "api.acme.test" }],
    );
    expect(verdictsIn(report)).toEqual(["gone render/custom-domain/api.acme.test"]);
    const applied = await scene.apply();
    expect(applied.verdict).toBe("failed");
    expect(applied.problems.map(({ code }) => code)).toEqual(["conflict"]);
  });
});

test("drift sends only GETs, and leaves account, inventory and journal as they are", async () => {
  await account.perform(health("/theirs"));
  const files = ["inventory.json", "journal.ndjson"].map((name) => `state/default/${name}`);
  const read = () => Promise.all(files.map((file) => scene.read(file).catch(() => undefined)));
  const [before, contents, sent] = [await read(), account.contents(), scene.requests.length];
  expect(hasDrift(await scene.drift())).toBe(true);
  const made = scene.requests.slice(sent);
  expect(made.length).toBeGreaterThan(0);
  expect(made.filter(({ method }) => method !== "GET")).toEqual([]);
  expect(await read()).toEqual(before);
  expect(account.contents()).toEqual(contents);
});
