import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { RunReport } from "../../src/core/run/report.ts";
import type { Plan } from "../../src/core/model/plan.ts";
import { stepsOf } from "../providers/converge.ts";
import { idNamed, rowNamed, writesOf } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";

/*
 * Services and env groups that move between environments in one run. The simulator refuses a link across, a service that leaves
 * with a link to a group of its environment, and a group that goes away from its services, as Render does.
 */
type Place = "one" | "two" | "none" | "root";
type Layout = {
  readonly services: { readonly [name: string]: readonly [place: Place, ...groups: string[]] };
  readonly groups: { readonly [name: string]: Place };
};

/** The file of a layout: two environments, `ungrouped` for what is expressly in none, and the root. */
function fileOf({ services, groups }: Layout): string {
  const at = (place: Place): string => {
    const own = Object.entries(services).filter(([, [where]]) => where === place);
    const blocks = own.map(
      ([name, [, ...links]]) =>
        `{ type: worker, name: ${name}, runtime: image, plan: starter, image: { url: nginx }, envVars: [${links.map((group) => `{ fromGroup: ${group} }`).join(", ")}] }`,
    );
    const lent = Object.entries(groups).filter(([, where]) => where === place);
    const variables = lent.map(
      ([name]) => `{ name: ${name}, envVars: [{ key: ${name.toUpperCase()}, value: x }] }`,
    );
    return `services: [${blocks.join(", ")}], envVarGroups: [${variables.join(", ")}]`;
  };
  const [root, none] = [at("root"), at("none")];
  return `projects: [{ name: p, environments: [{ name: one, ${at("one")} }, { name: two, ${at("two")} }] }]
ungrouped: { ${none} }
${root.replace(", envVarGroups", "\nenvVarGroups")}
`;
}

let scene: Scene;
const placeOf = (table: string, name: string): unknown => {
  const id = rowNamed(scene, table, name)["environmentId"];
  return scene.rows("environments").find((row) => row["id"] === id)?.["name"] ?? "none";
};
const linksOf = (group: string): readonly string[] => {
  const ids = rowNamed(scene, "environmentGroups", group)["serviceIds"] as string[];
  const rows = scene.rows("services") as { id: string; name: string }[];
  return rows
    .filter(({ id }) => ids.includes(id))
    .map(({ name }) => name)
    .sort();
};

const before: Layout = {
  services: {
    along: ["one", "going"],
    changing: ["one", "left"],
    outgoing: ["one", "kept"],
    wide: ["one", "everyone"],
    staying: ["one", "leaving"],
    joining: ["none", "joined"],
    twin: ["one", "going"],
  },
  groups: {
    going: "one",
    left: "one",
    met: "two",
    kept: "one",
    everyone: "root",
    leaving: "one",
    joined: "none",
  },
};
const after: Layout = {
  services: {
    along: ["two", "going"],
    changing: ["two", "met"],
    outgoing: ["none"],
    wide: ["two", "everyone"],
    staying: ["one"],
    joining: ["two", "joined"],
    twin: ["one"],
    fresh: ["two", "going", "joined"],
  },
  groups: {
    going: "two",
    left: "one",
    met: "two",
    kept: "one",
    everyone: "root",
    leaving: "two",
    joined: "two",
  },
};

describe("in one run", () => {
  let report: RunReport;
  let written: readonly string[];
  let again: Plan;
  let back: RunReport;
  const seen: { [name: string]: unknown } = {};
  beforeAll(async () => {
    scene = await openScene({ limits: "off" });
    await scene.write(fileOf(before));
    expect((await scene.apply()).verdict).toBe("done");
    const done = writesOf(scene).length;
    await scene.write(fileOf(after));
    report = await scene.apply();
    written = writesOf(scene).slice(done);
    again = await scene.plan();
    for (const [name] of Object.entries(after.services)) seen[name] = placeOf("services", name);
    for (const group of Object.keys(after.groups))
      seen[group] = [placeOf("environmentGroups", group), ...linksOf(group)];
    await scene.write(fileOf(before));
    back = await scene.apply({ allowDeletes: 5 });
  });
  afterAll(() => scene.close());

  test("no call is refused, and nothing is left to do", () => {
    expect(report.problems).toEqual([]);
    expect(report.verdict).toBe("done");
    expect(written.filter((line) => !/ 20\d$/u.test(line))).toEqual([]);
    expect(stepsOf(again)).toEqual([]);
  });

  test("each is where the file has it, with the links that the file has", () => {
    const { services } = after;
    for (const [name, [place]] of Object.entries(services)) expect(seen[name]).toBe(place);
    expect(seen).toMatchObject({
      going: ["two", "along", "fresh"],
      left: ["one"],
      met: ["two", "changing"],
      kept: ["one"],
      everyone: ["none", "wide"],
      leaving: ["two"],
      joined: ["two", "fresh", "joining"],
    });
  });

  test("a link to a group of the workspace is left alone", () => {
    const group = idNamed(scene, "environmentGroups", "everyone");
    expect(written.filter((line) => line.includes(group))).toEqual([]);
  });

  test("the way back is as good", () => {
    expect(back.problems).toEqual([]);
    expect(back.verdict).toBe("done");
    expect(linksOf("going")).toEqual(["along", "twin"]);
  });
});

describe("refused before the first write", () => {
  beforeEach(async () => void (scene = await openScene({ limits: "off" })));
  afterEach(() => scene.close());

  const apply = async (layout: Layout): Promise<void> => {
    await scene.write(fileOf(layout));
    expect((await scene.apply()).verdict).toBe("done");
  };
  const refusalsOf = async (layout: Layout): Promise<readonly string[]> => {
    const done = writesOf(scene).length;
    await scene.write(fileOf(layout));
    const report = await scene.apply({ allowDeletes: 5 });
    expect(report.verdict).toBe("refused");
    expect(writesOf(scene)).toHaveLength(done);
    return report.problems.map(({ code, address }) => `${code} ${address}`);
  };
  const environmentId = (name: string): string =>
    (scene.rows("environments") as { id: string; name: string }[]).find((row) => row.name === name)!.id;

  test("a link from the root, by a new service and by one that is in another environment", async () => {
    await apply({ services: { b: ["two"] }, groups: { g: "one" } });
    const across = await refusalsOf({
      services: { a: ["root", "g"], b: ["root", "g"] },
      groups: { g: "one" },
    });
    expect(across).toEqual(["group-across render/service/a", "group-across render/service/b"]);
  });

  test("a link to a group that no file declares and that belongs to an environment", async () => {
    await apply({ services: { b: ["two"] }, groups: {} });
    const ownerId = scene.simulator.env["RENDER_OWNER_ID"]!;
    await scene.edit("POST", "/env-groups", {
      name: "g",
      ownerId,
      envVars: [],
      environmentId: environmentId("one"),
    });
    expect(await refusalsOf({ services: { b: ["two", "g"], c: ["two", "g"] }, groups: {} })).toEqual([
      "group-across render/service/b",
      "group-across render/service/c",
    ]);
  });

  test("a move of a service that somebody linked to a group of its environment, though the file links nothing", async () => {
    await apply({ services: { b: ["one"] }, groups: { g: "one" } });
    const link = `/env-groups/${idNamed(scene, "environmentGroups", "g")}/services/${idNamed(scene, "services", "b")}`;
    await scene.edit("POST", link);
    expect(await refusalsOf({ services: { b: ["two"] }, groups: { g: "one" } })).toEqual([
      "group-across render/service/b",
    ]);
    await scene.edit("DELETE", link);
    await apply({ services: { b: ["two"] }, groups: { g: "one" } });
    expect(placeOf("services", "b")).toBe("two");
  });

  test("a move of a group away from a service that stays linked to it", async () => {
    await apply({ services: { b: ["root"] }, groups: { g: "root" } });
    const link = `/env-groups/${idNamed(scene, "environmentGroups", "g")}/services/${idNamed(scene, "services", "b")}`;
    await scene.edit("POST", link);
    expect(await refusalsOf({ services: { b: ["root"] }, groups: { g: "one" } })).toEqual([
      "group-across render/env-group/g",
    ]);
  });
});
