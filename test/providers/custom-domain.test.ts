import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Json } from "../../src/core/base/json.ts";
import { twinOf } from "../../src/providers/render/custom-domain/twin.ts";
import { rowNamed } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";
import { converge, idOf, readsOf, stepsOf, verdictsOf } from "./converge.ts";

let scene: Scene;
beforeEach(async () => void (scene = await openScene()));
afterEach(() => scene.close());

/** A domain that moves is away for a moment. */
const agreed = { allowReplace: ["render/custom-domain/*"] };

const web = (name: string, domains: readonly string[], more = ""): string => `
  - type: web
    name: ${name}
    runtime: image
    image: { url: nginx }
    plan: starter
    domains: [${domains.join(", ")}]
${more}`;
const file = (...services: readonly string[]): string => `services:${services.join("")}`;

type Domain = {
  readonly id: string;
  readonly name: string;
  readonly redirectForName: string;
  readonly verificationStatus: string;
};
function domainsOf(service: string): readonly Domain[] {
  return rowNamed(scene, "services", service)["customDomains"] as unknown as readonly Domain[];
}

function namesOf(service: string): readonly string[] {
  return domainsOf(service)
    .map(({ name }) => name)
    .sort();
}

function edit(service: string, method: string, below: string, body?: Json): Promise<Json> {
  return scene.edit(method, `/services/${idOf(scene, "services", service)}/custom-domains${below}`, body);
}

test("domains are made after their service, read with one call per service that declares any", async () => {
  await converge(scene, file(web("api", ["app.acme.dev", "api.acme.dev"]), web("plain", [])));
  expect(namesOf("api")).toEqual(["api.acme.dev", "app.acme.dev"]);
  const reads = await readsOf(scene);
  expect(reads.filter((line) => line.includes("custom-domains")).length).toBe(1);
});

describe("verification", () => {
  const verifications = (): readonly string[] =>
    scene.requests.filter(({ path }) => path.endsWith("/verify")).map(({ path }) => path);

  test("is asked for once, right after creation, also for the twin", async () => {
    await converge(scene, file(web("api", ["app.acme.dev", "acme.dev", "www.acme.dev"])));
    expect(domainsOf("api").map(({ verificationStatus }) => verificationStatus)).toEqual(
      Array.from({ length: 3 }, () => "verified"),
    );
    expect(verifications().length).toBe(3);
    await scene.apply();
    expect(verifications().length).toBe(3);
  });

  test("that did not work is no change, costs no more calls, and the plan says which record is missing", async () => {
    await converge(scene, file(web("api", ["app.acme.invalid", "acme.invalid", '"*.acme.invalid"'])));
    const plan = await scene.plan();
    await scene.apply();
    expect(verifications().length).toBe(3);
    const remarks = plan.changes.flatMap(({ notes }) =>
      notes.map((note) => (note as { detail?: string }).detail),
    );
    expect(remarks).toEqual([
      expect.stringContaining("CNAME api.onrender.com and the two others that"),
      expect.stringContaining("ALIAS api.onrender.com, or the A record"),
      "CNAME api.onrender.com",
    ]);
  });

  test("that Render refuses is a warning, and everything else is done", async () => {
    await scene.close();
    scene = await openScene({
      send: (send) => async (request) =>
        request.url.endsWith("/verify")
          ? { status: 400, headers: {}, text: '{"message":"no records"}' }
          : send(request),
    });
    await scene.write(file(web("api", ["app.acme.dev"])));
    const report = await scene.apply();
    expect(report.verdict).toBe("done");
    expect(report.problems).toMatchObject([{ severity: "warning", code: "left-undone" }]);
    expect(report.problems[0]?.message).toContain("no records");
    expect(stepsOf(await scene.plan())).toEqual([]);
  });

  test("is left out of a plan whose domains would have to wait for another hour because of it", async () => {
    await converge(scene, file(web("api", [])));
    const names = Array.from({ length: 26 }, (_, index) => `d${index}.acme.dev`);
    const verifiedIn = async (domains: readonly string[]): Promise<number> => {
      await scene.write(file(web("api", domains)));
      return stepsOf(await scene.plan()).filter((id) => id.endsWith(" verify")).length;
    };
    expect(await verifiedIn(names.slice(1))).toBe(25);
    expect(await verifiedIn(names)).toBe(0);
  });
});

test("a dropped domain is deleted; a deleted one is made again", async () => {
  await converge(scene, file(web("api", ["app.acme.dev", "api.acme.dev"])));
  await converge(scene, file(web("api", ["app.acme.dev"])));
  expect(namesOf("api")).toEqual(["app.acme.dev"]);
  await edit("api", "DELETE", "/app.acme.dev");
  const plan = await scene.plan();
  expect(plan.changes).toContainEqual(
    expect.objectContaining({ action: "create", recreates: true, name: "app.acme.dev" }),
  );
  await converge(scene, file(web("api", ["app.acme.dev"])));
  expect(namesOf("api")).toEqual(["app.acme.dev"]);
});

test("a move to another service is a delete, then a create", async () => {
  await converge(scene, file(web("one", ["app.acme.dev"]), web("two", [])));
  await scene.write(file(web("one", []), web("two", ["app.acme.dev"])));
  const plan = await scene.plan();
  expect(plan.changes.find(({ action }) => action === "replace")?.notes).toMatchObject([
    { note: "remark", text: expect.stringContaining("leads nowhere") },
  ]);
  expect(stepsOf(plan)).toEqual([
    "delete render/custom-domain/app.acme.dev",
    "create render/custom-domain/app.acme.dev",
    "update render/custom-domain/app.acme.dev verify",
  ]);
  expect(plan.refusals).toMatchObject([{ code: "replace", address: "render/custom-domain/app.acme.dev" }]);
  await converge(scene, file(web("one", []), web("two", ["app.acme.dev"])), agreed);
  expect([namesOf("one"), namesOf("two")]).toEqual([[], ["app.acme.dev"]]);
});

test("a service that is deleted with its domains leaves nothing behind", async () => {
  await converge(scene, file(web("one", ["app.acme.dev"]), web("two", [])));
  await converge(scene, file(web("two", [])));
  expect(Object.keys((await scene.inventory()).resources)).toEqual(["render/service/two"]);
});

test("a service that must be replaced gets its domains back", async () => {
  await converge(scene, file(web("api", ["app.acme.dev"], "    region: oregon\n")));
  const { id } = rowNamed(scene, "services", "api");
  const moved = file(web("api", ["app.acme.dev"], "    region: frankfurt\n"));
  await scene.write(moved);
  expect((await scene.plan()).refusals.map(({ address }) => address)).toEqual(["render/service/api"]);
  await converge(scene, moved, { allowReplace: ["render/service/api"] });
  expect(rowNamed(scene, "services", "api")["id"]).not.toBe(id);
  expect(namesOf("api")).toEqual(["app.acme.dev"]);
});

describe("an apex and its www", () => {
  const both = file(web("site", ["acme.dev", "www.acme.dev"]));

  test("are one call when both are listed, and the first of them leads", async () => {
    await converge(scene, both);
    expect(domainsOf("site").find(({ name }) => name === "www.acme.dev")?.redirectForName).toBe("acme.dev");
    const calls = scene.requests.filter(
      ({ method, path }) => method === "POST" && path.endsWith("/custom-domains"),
    );
    expect(calls.length).toBe(1);
    expect(Object.keys((await scene.inventory()).resources).length).toBe(3);
  });

  test("the other one is neither reported nor deleted when the file never lists it", async () => {
    await converge(scene, file(web("site", ["acme.dev"], "    domainsExclusive: true\n")));
    expect(namesOf("site")).toEqual(["acme.dev", "www.acme.dev"]);
  });

  test("listing the other later owns it without a call, dropping it leaves it", async () => {
    await converge(scene, file(web("site", ["acme.dev"])));
    await scene.write(both);
    expect(verdictsOf(await scene.plan())).toEqual([]);
    await converge(scene, both);
    await converge(scene, file(web("site", ["acme.dev"])));
    expect(namesOf("site")).toEqual(["acme.dev", "www.acme.dev"]);
  });

  test("dropping both deletes both, whether or not Render deletes the other by itself", async () => {
    await scene.close();
    scene = await openScene({ switches: { domainTwinDelete: "alone" } });
    await converge(scene, both);
    await converge(scene, file(web("site", [])));
    expect(namesOf("site")).toEqual([]);
  });

  test.each(["with primary", "alone"] as const)(
    "dropping the one that leads keeps the other (%s)",
    async (domainTwinDelete) => {
      await scene.close();
      scene = await openScene({ switches: { domainTwinDelete } });
      await converge(scene, both);
      await converge(scene, file(web("site", ["www.acme.dev"])), agreed);
      const www = domainsOf("site").find(({ name }) => name === "www.acme.dev");
      expect(www?.redirectForName).toBe("");
    },
  );

  test("both move to another service", async () => {
    await converge(scene, file(web("one", ["acme.dev", "www.acme.dev"]), web("two", [])));
    await converge(scene, file(web("one", []), web("two", ["acme.dev", "www.acme.dev"])), agreed);
    expect([namesOf("one"), namesOf("two")]).toEqual([[], ["acme.dev", "www.acme.dev"]]);
  });
});

test.each([
  ["acme.dev", "www.acme.dev"],
  ["www.acme.dev", "acme.dev"],
  ["acme.co.uk", "www.acme.co.uk"],
  ["www.acme.gov.uk", "acme.gov.uk"],
  ["acme.uk.com", "www.acme.uk.com"],
  ["acme.k12.ca.us", "www.acme.k12.ca.us"],
  ["app.acme.dev", undefined],
  ["www.app.acme.dev", undefined],
  ["*.acme.dev", undefined],
  ["co.uk", undefined],
])("the twin of %s is %s", (name, twin) => {
  expect(twinOf(name)).toBe(twin);
});

test("an exclusive service loses domains that the file never declared", async () => {
  await converge(scene, file(web("api", ["app.acme.dev"])));
  await edit("api", "POST", "", { name: "theirs.acme.dev" });
  expect(stepsOf(await scene.plan())).toEqual([]);
  await converge(scene, file(web("api", ["app.acme.dev"], "    domainsExclusive: true\n")));
  expect(namesOf("api")).toEqual(["app.acme.dev"]);
});

test("a domain that somebody added is kept, and told at its service", async () => {
  await converge(scene, file(web("site", ["acme.dev"])));
  await edit("site", "POST", "", { name: "theirs.acme.dev" });
  const plan = await scene.plan();
  expect(stepsOf(plan)).toEqual([]);
  const told = plan.changes.flatMap(({ address, notes }) => notes.map((note) => ({ address, ...note })));
  expect(told.filter(({ note }) => note === "not-in-file")).toEqual([
    {
      address: "render/service/site",
      note: "not-in-file",
      field: "domains",
      entries: ["theirs.acme.dev"],
    },
  ]);
  await converge(scene, file(web("site", ["acme.dev", "theirs.acme.dev"])), { adopt: true });
  expect(namesOf("site")).toEqual(["acme.dev", "theirs.acme.dev", "www.acme.dev"]);
});

test("a renamed service keeps its domains", async () => {
  await converge(scene, file(web("api", ["app.acme.dev"])));
  const [before] = domainsOf("api");
  const renamed = file(web("backend", ["app.acme.dev"], "    lifecycle: { renamedFrom: api }\n"));
  await converge(scene, renamed);
  expect(domainsOf("backend")).toEqual([before]);
});
