import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { adoptById } from "../../../src/commands/state/state-adopt.ts";
import { adoptFromTerraform } from "../../../src/commands/state/state-adopt-terraform.ts";
import { showOwned } from "../../../src/commands/state/state-show.ts";
import { breakLock, forgetOwned, moveOwned, readOwning } from "../../../src/commands/state/state.ts";
import type { Json } from "../../../src/core/base/json.ts";
import { ProblemError } from "../../../src/core/base/problem.ts";
import { identifyProcess } from "../../../src/store/file/process-identity.ts";
import { openScene, type Scene } from "../../scene.ts";
import { stateOf } from "../../file/read.ts";
import { everything } from "../account.ts";

let scene: Scene;
afterEach(() => scene.close());

const files = { files: [] };
const two = `
services:
  - { type: worker, name: jobs, runtime: docker, plan: starter, repo: "https://github.com/acme/jobs" }
  - { type: worker, name: mail, runtime: docker, plan: starter, repo: "https://github.com/acme/mail", envVars: [{ key: JOBS, fromService: { type: worker, name: jobs, property: slug } }] }
`;

function codesOf(work: Promise<unknown>): Promise<readonly string[]> {
  return work.then(
    () => [],
    (error: unknown) => {
      if (error instanceof ProblemError) return error.problems.map(({ code }) => code);
      throw error;
    },
  );
}

function idOf(name: string): string {
  const owner = scene.simulator.env["RENDER_OWNER_ID"];
  const own = scene.rows("services").find((row) => row["name"] === name && row["ownerId"] === owner);
  return textOf(own, "id");
}

/** A column of a row as text; ids and names are nothing else. */
function textOf(row: { readonly [column: string]: Json } | undefined, column: string): string {
  const value = row?.[column];
  return typeof value === "string" ? value : "";
}

describe("list and show", () => {
  test("tell ids and what was applied, in digits that tell nothing", async () => {
    scene = await openScene();
    await scene.write(two);
    await scene.apply();
    const { inventory } = await readOwning(files, scene.deps);
    expect(Object.keys(inventory.resources)).toEqual(["render/service/jobs", "render/service/mail"]);
    expect(await showOwned("render/service/mail", files, scene.deps)).toMatchObject({
      owned: { id: idOf("mail"), needs: ["render/service/jobs"] },
    });
    expect(await codesOf(showOwned("render/service/other", files, scene.deps))).toEqual(["not-owned"]);
  });
});

describe("forget", () => {
  test("leaves the object, so that the next plan adopts it", async () => {
    scene = await openScene();
    await scene.write(two);
    await scene.apply();
    await forgetOwned("render/service/jobs", files, scene.deps);
    expect((await scene.plan()).changes.map(({ address, action }) => [address, action])).toEqual([
      ["render/service/jobs", "adopt"],
      ["render/service/mail", "keep"],
    ]);
    expect(await codesOf(forgetOwned("render/service/jobs", files, scene.deps))).toEqual(["not-owned"]);
  });
});

describe("move", () => {
  test("renames in place what the file renamed, and nothing is created or deleted", async () => {
    scene = await openScene();
    await scene.write(two);
    await scene.apply();
    const id = idOf("jobs");
    await scene.write(two.replaceAll("name: jobs", "name: tasks"));
    await moveOwned("render/service/jobs", "render/service/tasks", files, scene.deps);
    const plan = await scene.plan();
    expect(plan.changes.map(({ address, action }) => [address, action])).toEqual([
      ["render/service/mail", "keep"],
      ["render/service/tasks", "update"],
    ]);
    expect((await scene.apply()).verdict).toBe("done");
    expect(idOf("tasks")).toBe(id);
    expect((await scene.plan()).steps).toEqual([]);
  });

  test("takes no address that is owned, and none of another kind", async () => {
    scene = await openScene();
    await scene.write(two);
    await scene.apply();
    expect(await codesOf(moveOwned("render/service/jobs", "render/service/mail", files, scene.deps))).toEqual(
      ["address-taken"],
    );
    expect(
      await codesOf(moveOwned("render/service/jobs", "render/postgres/jobs", files, scene.deps)),
    ).toEqual(["move-kind"]);
    expect(
      await codesOf(moveOwned("render/service/none", "render/service/other", files, scene.deps)),
    ).toEqual(["not-owned"]);
  });
});

describe("adopt", () => {
  test("binds a declared address to an id, whatever the object is called", async () => {
    scene = await openScene({ load: [stateOf(two)] });
    await scene.write(two.replaceAll("name: jobs", "name: tasks"));
    await adoptById("render/service/tasks", idOf("jobs"), files, scene.deps);
    const plan = await scene.plan();
    const change = plan.changes.find(({ address }) => address === "render/service/tasks");
    expect(change).toMatchObject({ action: "update", id: idOf("jobs"), fields: [{ field: "name" }] });
  });

  test("binds a domain by its own id, whatever its service is called by now", async () => {
    scene = await openScene();
    await scene.write(`
services:
  - { type: web, name: api, runtime: image, image: { url: nginx }, plan: starter, domains: [app.acme.dev] }
`);
    await scene.apply();
    const id = idOf("api");
    const row = scene.rows("services").find((one) => one["id"] === id)!;
    const [domain = ""] = (row["customDomains"] as unknown as readonly { readonly id: string }[]).map(
      (one) => one.id,
    );
    await forgetOwned("render/custom-domain/app.acme.dev", files, scene.deps);
    await scene.edit("PATCH", `/services/${id}`, { name: "backend" });
    expect(await adoptById("render/custom-domain/app.acme.dev", domain, files, scene.deps)).toMatchObject({
      id: `${id}/custom-domains/${domain}`,
    });
  });

  test("refuses what is undeclared, absent, of another workspace, or owned already", async () => {
    scene = await openScene({ load: [stateOf(two)] });
    await scene.write(two);
    const other = scene.rows("services").find((row) => row["name"] === "jobs" && row["id"] !== idOf("jobs"));
    expect(await codesOf(adoptById("render/service/none", idOf("jobs"), files, scene.deps))).toEqual([
      "adopt-undeclared",
    ]);
    expect(
      await codesOf(adoptById("render/service/jobs", "srv-00000000000000000000", files, scene.deps)),
    ).toEqual(["adopt-not-found"]);
    expect(await codesOf(adoptById("render/service/jobs", textOf(other, "id"), files, scene.deps))).toEqual([
      "adopt-not-found",
    ]);
    await adoptById("render/service/jobs", idOf("jobs"), files, scene.deps);
    expect(await codesOf(adoptById("render/service/mail", idOf("jobs"), files, scene.deps))).toEqual([
      "id-taken",
    ]);
    expect(await codesOf(adoptById("render/service/jobs", idOf("mail"), files, scene.deps))).toEqual([
      "address-taken",
    ]);
  });

  test("writes to no account", async () => {
    scene = await openScene({ load: [stateOf(two)] });
    await scene.write(two);
    await adoptById("render/service/jobs", idOf("jobs"), files, scene.deps);
    expect(scene.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  });
});

describe("adopt --from-terraform", () => {
  /** A state of format 4 as the official provider writes it, for what the simulator holds. */
  async function writeTerraformState(): Promise<void> {
    const owner = scene.simulator.env["RENDER_OWNER_ID"];
    const own = (table: string) => scene.rows(table).filter((row) => row["ownerId"] === owner);
    const types: { readonly [type: string]: string } = {
      web_service: "web_service",
      private_service: "private_service",
      background_worker: "background_worker",
      cron_job: "cron_job",
      static_site: "static_site",
    };
    const resource = (
      type: string,
      name: string,
      attributes: object,
      provider = 'provider["registry.terraform.io/render-oss/render"]',
    ) => ({
      mode: "managed",
      type,
      name: name.replaceAll("-", "_"),
      provider,
      instances: [{ attributes: { name, ...attributes } }],
    });
    const [project] = own("projects");
    const environments = scene.rows("environments").filter((row) => row["projectId"] === project?.["id"]);
    const resources = [
      ...own("services").map((row) => {
        const disk = row["disk"] as { readonly id: string } | undefined;
        const domains = (row["customDomains"] ?? []) as readonly {
          readonly id: string;
          readonly name: string;
        }[];
        return resource(`render_${types[textOf(row, "type")]}`, textOf(row, "name"), {
          id: row["id"],
          disk: disk ? { id: disk.id } : null,
          custom_domains: domains.map(({ id, name }) => ({ id, name })),
        });
      }),
      ...own("postgres").map((row) => resource("render_postgres", textOf(row, "name"), { id: row["id"] })),
      ...own("keyValues").map((row) => resource("render_keyvalue", textOf(row, "name"), { id: row["id"] })),
      ...own("environmentGroups").map((row) =>
        resource("render_env_group", textOf(row, "name"), { id: row["id"] }),
      ),
      ...own("webhooks").map((row) => resource("render_webhook", textOf(row, "name"), { id: row["id"] })),
      resource("render_project", "shop", {
        id: project?.["id"],
        environments: Object.fromEntries(environments.map((row) => [textOf(row, "name"), { id: row["id"] }])),
      }),
      resource("render_notification_setting", "all", {}),
      resource("render_env_group_link", "shared", { env_group_id: "evg-1" }),
      resource("render_future_thing", "new", { id: "fut-1" }),
      resource("random_id", "suffix", { id: "x" }, 'provider["registry.terraform.io/hashicorp/random"]'),
      resource("render_cron_job", "gone", { id: "crn-00000000000000000000" }),
    ];
    await writeFile(join(scene.folder, "terraform.tfstate"), JSON.stringify({ version: 4, resources }));
  }

  test("owns everything that the file declares, by id, and the next plan has nothing to do", async () => {
    scene = await openScene({ load: [stateOf(everything)] });
    await scene.write(everything.replaceAll("{ value: t }", "{ sync: false }"));
    await writeTerraformState();
    const { adopted, problems } = await adoptFromTerraform("terraform.tfstate", files, scene.deps);
    expect(adopted.map(({ address }) => address)).toEqual(
      expect.arrayContaining([
        "render/custom-domain/api.example.com",
        "render/disk/inner",
        "render/environment/shop%2Fproduction",
        "render/postgres/main@shop%2Fproduction",
        "render/postgres/main@shop%2Fstaging",
        "render/service/api",
      ]),
    );
    expect(problems.map(({ code }) => code)).toEqual(["terraform-type", "adopt-not-found"]);
    const plan = await scene.plan();
    const addresses = new Set<string>(adopted.map(({ address }) => address));
    const changed = plan.changes.filter(({ address, action }) => addresses.has(address) && action !== "keep");
    expect(changed).toEqual([]);
    expect(plan.changes.filter(({ action }) => action === "create" || action === "delete")).toEqual([]);
  });

  test("leaves alone what the file does not declare, and says so", async () => {
    scene = await openScene({ load: [stateOf(everything)] });
    await scene.write(
      "services: [{ type: worker, name: jobs, runtime: python, buildCommand: pip install, startCommand: python jobs.py }]",
    );
    await writeTerraformState();
    const { adopted, problems } = await adoptFromTerraform("terraform.tfstate", files, scene.deps);
    expect(adopted.map(({ address }) => address)).toEqual(["render/service/jobs"]);
    expect(problems.filter(({ code }) => code === "adopt-undeclared").length).toBeGreaterThan(5);
    expect((await scene.plan()).changes.filter(({ action }) => action === "delete")).toEqual([]);
  });

  test("refuses what is no such state", async () => {
    scene = await openScene();
    await scene.write(two);
    await scene.write('{"version": 3, "modules": []}', "old.tfstate");
    expect(await codesOf(adoptFromTerraform("old.tfstate", files, scene.deps))).toEqual(["terraform-state"]);
    expect(await codesOf(adoptFromTerraform("none.tfstate", files, scene.deps))).toEqual(["file-not-found"]);
  });
});

test("a change waits for nobody: while another run holds the lock it is refused, until the lock is broken", async () => {
  scene = await openScene();
  await scene.write(two);
  await scene.apply();
  const path = join(scene.folder, "state/default/lock");
  await forgetOwned("render/service/mail", files, scene.deps);
  const holder = {
    user: "grace",
    host: "elsewhere",
    pid: 1,
    run: "r",
    since: new Date(scene.world.now()).toISOString(),
  };
  await writeFile(path, JSON.stringify({ version: 1, holder, expires: scene.world.now() + 300_000 }));
  expect(await codesOf(forgetOwned("render/service/jobs", files, scene.deps))).toEqual(["locked"]);
  expect((await breakLock(files, scene.deps))?.holder.user).toBe("grace");
  // Of this very process: certainly at work.
  const own = { version: 1, holder, process: await identifyProcess(process.pid) };
  await writeFile(path, JSON.stringify(own));
  if (own.process !== undefined) {
    expect(await codesOf(breakLock(files, scene.deps))).toEqual(["lock-holder-alive"]);
    const reused = own.process.replace(/\d+$/u, "1");
    await writeFile(path, JSON.stringify({ ...own, process: reused }));
    expect((await breakLock(files, scene.deps))?.holder.user).toBe("grace");
    await writeFile(path, JSON.stringify(own));
  }
  expect((await breakLock({ ...files, force: true }, scene.deps))?.holder.user).toBe("grace");
  await forgetOwned("render/service/jobs", files, scene.deps);
  expect(
    JSON.parse(await readFile(join(scene.folder, "state/default/inventory.json"), "utf8")),
  ).toMatchObject({ resources: {} });
});
