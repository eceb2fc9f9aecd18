import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runDestroy } from "../../src/commands/destroy.ts";
import { Mortal } from "../crash/mortal.ts";
import { idNamed, ourRows, rowNamed, writesOf, type Row } from "../observe.ts";
import { openScene, planDefaults, type Scene } from "../scene.ts";

let scene: Scene;
beforeEach(async () => void (scene = await openScene()));
afterEach(() => scene.close());

const shop = (region: string): string => `
services:
  - type: web
    name: api
    runtime: docker
    region: ${region}
    domains: [pay.acme.dev]
    disk: { name: data, mountPath: /data }
  - { type: worker, name: queue, runtime: docker }
  - { type: worker, name: mail, runtime: docker }
`;
const rest = shop("oregon").replace(/ {2}- type: web[\s\S]*?(?= {2}- \{)/u, "");
const agreed = { allowReplace: ["*"], allowDataLoss: ["*"], allowDeletes: 9 };

const domainsOf = (row: Row): readonly unknown[] =>
  (row["customDomains"] as readonly Row[]).map(({ name }) => name);

async function start(): Promise<string> {
  await scene.write(shop("oregon"));
  expect((await scene.apply()).verdict).toBe("done");
  return idNamed(scene, "services", "api");
}

describe("what stands in a service that is replaced or deleted", () => {
  test("comes along where the service alone is chosen: its domain and its disk are there again", async () => {
    const id = await start();
    await scene.write(shop("ohio"));
    const only = { targets: ["render/service/api"] };
    const { refusals } = await scene.plan({ ...only, allowReplace: ["*"] });
    expect(refusals.map(({ code, address }) => `${code} ${address}`)).toEqual(["data-loss render/disk/api"]);
    expect((await scene.apply({ ...only, ...agreed })).verdict).toBe("done");
    const after = rowNamed(scene, "services", "api");
    expect(after["id"]).not.toBe(id);
    expect(after["disk"]).toMatchObject({ name: "data" });
    expect(domainsOf(after)).toEqual(["pay.acme.dev"]);
  });

  test.each(["render/custom-domain/*", "render/disk/api", "render/service/api"])(
    "stays with it where %s is left out",
    async (excluded) => {
      await start();
      const before = rowNamed(scene, "services", "api");
      const sent = writesOf(scene).length;
      await scene.write(shop("ohio"));
      await scene.apply({ ...agreed, excludes: [excluded] });
      expect(writesOf(scene)).toHaveLength(sent);
      expect(rowNamed(scene, "services", "api")).toEqual(before);
      if (excluded === "render/service/api") return;
      await scene.write(rest);
      await scene.apply({ ...agreed, excludes: [excluded] });
      expect(idNamed(scene, "services", "api")).toBe(before["id"]);
    },
  );
});

test("a destroy of some addresses is repeated with the same words, though the file still declares them", async () => {
  await start();
  const destroy = (...addresses: readonly string[]) =>
    runDestroy({ ...planDefaults, yes: true, allowDeletes: 2, addresses }, scene.deps);
  const workers = ["render/service/queue", "render/service/m*"];
  expect((await destroy(...workers)).verdict).toBe("done");
  const again = await destroy(...workers);
  expect(again.verdict).toBe("done");
  expect(again.problems.filter(({ severity }) => severity !== "note")).toEqual([]);
  expect(ourRows(scene, "services").map(({ name }) => name)).toEqual(["api"]);
});

test.each([
  ["is refused", { skipRefused: true }],
  ["is left out", { excludes: ["render/service/api"] }],
  ["is not chosen", { targets: ["render/disk/*", "render/custom-domain/*"] }],
])(
  "in a service that is not ours and %s nothing is made, neither a disk nor a domain",
  async (_what, input) => {
    const ownerId = scene.simulator.env["RENDER_OWNER_ID"]!;
    await scene.edit("POST", "/services", {
      type: "web_service",
      name: "api",
      ownerId,
      repo: "https://github.com/acme/app",
      serviceDetails: { runtime: "docker", region: "oregon", plan: "starter" },
    });
    const before = rowNamed(scene, "services", "api");
    await scene.write(shop("oregon"));
    await scene.apply({ adopt: false, ...input });
    expect(rowNamed(scene, "services", "api")).toEqual(before);
  },
);

test("a former service that an ended run left stays while its domain is left out", async () => {
  const id = await start();
  await scene.write(shop("ohio"));
  const input = { ...planDefaults, ...agreed, yes: true };
  expect(await new Mortal(scene, { at: "after-write", number: 2 }).apply(input)).toBe("died");
  await new Mortal(scene).apply({ ...input, excludes: ["render/custom-domain/*"] });
  const former = ourRows(scene, "services").find((row) => row["id"] === id);
  expect(former && domainsOf(former)).toEqual(["pay.acme.dev"]);
});
