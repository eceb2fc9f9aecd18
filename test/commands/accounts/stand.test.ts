import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runExport } from "../../../src/commands/export/export.ts";
import type { Inventory } from "../../../src/core/model/inventory.ts";
import type { RunReport } from "../../../src/core/run/report.ts";
import { startSimulator, type Simulator } from "../../../src/simulator/start.ts";
import type { HttpAnswer } from "../../../src/world/transport.ts";
import { Mortal, type Cut } from "../../crash/mortal.ts";
import { problemsOf } from "../../observe.ts";
import { openScene, planDefaults, type Scene } from "../../scene.ts";
import { runTrueup } from "../../shells/start-program.ts";

const file = "services: [{type: web, name: api, runtime: image, image: {url: nginx}, plan: starter}]\n";
const both = `${file}rendercad: {webhooks: [{name: a, url: "https://acme.test/hook", events: [render.failed]}]}\n`;

describe("a workspace that is named by its id", () => {
  test("is asked for before a first run: a mistyped one is an error that lists what the key reaches", async () => {
    const scene = await openScene();
    await scene.write(file);
    const right = scene.simulator.env["RENDER_OWNER_ID"]!;
    scene.setVariable("RENDER_OWNER_ID", `${right.slice(0, -4)}0000`);
    for (const run of [
      () => scene.plan(),
      () => scene.apply(),
      () => runExport({ literals: [] }, scene.deps),
    ]) {
      const [problem] = await problemsOf(run());
      expect(problem).toMatchObject({ code: "workspace-unknown" });
      expect(problem!.message).toContain(right);
    }
    expect(scene.rows("services")).toEqual([]);
    expect(await readdir(join(scene.folder, "state/default")).catch(() => [])).not.toContain(
      "inventory.json",
    );
    await scene.close();
  });

  test("is asked for until the state is bound to it, and never again", async () => {
    const scene = await openScene();
    await scene.write(file);
    const asked = () => scene.requests.filter(({ path }) => path.startsWith("/owners")).length;
    await scene.plan();
    expect(asked()).toBe(1);
    await scene.apply();
    const before = asked();
    await scene.plan();
    await scene.drift();
    expect(asked()).toBe(before);
    await scene.close();
  });
});

describe("a state is bound", () => {
  let scene: Scene;
  afterEach(() => scene.close());

  test("to nothing by a run whose every write is refused", async () => {
    scene = await openScene({ faults: "402@POST /services" });
    await scene.write(file);
    expect((await scene.apply()).verdict).toBe("failed");
    const { workspace, hosts } = await scene.inventory();
    expect([workspace, hosts]).toEqual([undefined, undefined]);
  });

  test("to the account in which something was made, and not to the other one, in which nothing could be", async () => {
    scene = await openScene({ faults: "402@POST /services" });
    await scene.write(both);
    await scene.apply();
    const { workspace, rendercadUser, hosts } = await scene.inventory();
    expect([workspace, hosts]).toEqual([undefined, { rendercad: "https://rendercad.ai/backend" }]);
    expect(rendercadUser).toEqual(expect.any(String));
  });

  test("by a first run that is killed before it could write its inventory, as soon as a write was announced", async () => {
    scene = await openScene();
    await scene.write(file);
    expect(await applyMortal(scene, { at: "after-write", number: 1 })).toBe("died");
    expect(await readdir(join(scene.folder, "state/default"))).not.toContain("inventory.json");
    const right = scene.simulator.env["RENDER_OWNER_ID"]!;
    scene.setVariable("RENDER_OWNER_ID", idOfOther(scene, right));
    expect(await problemsOf(scene.plan())).toMatchObject([{ code: "wrong-workspace" }]);
    expect(await problemsOf(applyMortal(scene))).toMatchObject([{ code: "wrong-workspace" }]);
    scene.setVariable("RENDER_OWNER_ID", right);
    expect(await applyMortal(scene)).toMatchObject({ verdict: "done" });
    expect(scene.rows("services")).toHaveLength(1);
    expect(await scene.inventory()).toMatchObject({
      workspace: right,
      hosts: { render: "https://api.render.com/v1" },
    });
  });

  test("to the host: another one is refused whatever its workspace, with what to do", async () => {
    scene = await openScene({ announcedAs: null });
    await scene.write(file);
    await scene.apply();
    const host = scene.simulator.env["RENDER_HOST"]!;
    expect((await scene.inventory()).hosts).toEqual({ render: host });
    // The same simulator, by another name of this machine and in other letters.
    const other = host.replace("127.0.0.1", "LOCALHOST");
    scene.setVariable("RENDER_HOST", other);
    for (const run of [() => scene.plan(), () => scene.apply(), () => scene.drift()]) {
      const [problem] = await problemsOf(run());
      expect(problem).toMatchObject({ code: "wrong-host" });
      expect(problem!.message).toContain(`${host}, and RENDER_HOST`);
      expect(problem!.remedy).toContain(`Set RENDER_HOST to that`);
    }
    // The same address in another spelling is the same.
    scene.setVariable("RENDER_HOST", `${host}/`);
    expect((await scene.plan()).steps).toEqual([]);
  });

  test("to the API that a gateway stands for, so that the gateway's own address says nothing", async () => {
    scene = await openScene();
    await scene.write(file);
    await scene.apply();
    expect((await scene.inventory()).hosts).toEqual({ render: "https://api.render.com/v1" });
    scene.setVariable("RENDER_HOST", scene.simulator.env["RENDER_HOST"]!.replace("127.0.0.1", "localhost"));
    expect((await scene.apply()).verdict).toBe("done");
  });

  test.each([
    ["breaks off", () => Promise.reject(new DOMException("late", "TimeoutError"))],
    [
      "is a gateway's that has nobody behind it",
      () => Promise.resolve({ status: 502, headers: {}, text: "" }),
    ],
    ["is a limit's", () => Promise.resolve({ status: 429, headers: {}, text: "" })],
  ])(
    "to nothing while the answer that names the API %s: it is asked again, then the run ends",
    async (_how, fail) => {
      let failures = 3;
      scene = await openScene({
        send: (send) => (request) =>
          new URL(request.url).pathname === "/" && failures-- > 0 ? fail() : send(request),
      });
      await scene.write(file);
      expect((await scene.apply()).verdict).toBe("done");
      expect((await scene.inventory()).hosts).toEqual({ render: "https://api.render.com/v1" });
      const other = await openScene({
        send: (send) => (request) => (new URL(request.url).pathname === "/" ? fail() : send(request)),
      });
      await other.write(file);
      for (const run of [() => other.plan(), () => other.apply()])
        expect(await problemsOf(run())).toMatchObject([{ code: "unreachable" }]);
      expect(other.requests.filter(({ method }) => method !== "GET")).toEqual([]);
      await other.close();
    },
  );

  test("by an earlier version without the host takes it with its next write, and not with a plan", async () => {
    scene = await openScene();
    await scene.write(file);
    await scene.apply();
    const at = join(scene.folder, "state/default/inventory.json");
    const { hosts: _bound, ...earlier } = await scene.inventory();
    await writeFile(at, JSON.stringify(earlier));
    await scene.plan();
    expect((await scene.inventory()).hosts).toBeUndefined();
    await scene.write(file.replace("starter", "standard"));
    expect((await scene.apply()).verdict).toBe("done");
    expect((await scene.inventory()).hosts).toEqual({ render: "https://api.render.com/v1" });
  });
});

describe("the state of a simulator", () => {
  let folder: string;
  let real: Simulator;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "trueup-test-"));
    await writeFile(join(folder, "trueup.yaml"), file);
    real = await startSimulator({ seed: 7 });
  });
  afterEach(async () => {
    await real.close();
    await rm(folder, { recursive: true });
  });
  const env = (simulator: Simulator) => ({ ...simulator.env });
  const run = (args: string[], simulator: Simulator) => runTrueup(args, { folder, env: env(simulator) });
  const inventoryAt = async (at: string) =>
    JSON.parse(await readFile(join(folder, at, "inventory.json"), "utf8")) as Inventory;

  test("lies apart, so that trying something out binds nothing, and the real account's plan works before and after", async () => {
    const simulator = await startSimulator({ seed: 8, announcedAs: "tried" });
    try {
      expect((await run(["apply", "--yes"], simulator)).code).toBe(0);
      expect(await readdir(join(folder, "state"))).toEqual([".simulator"]);
      expect((await run(["apply", "--yes"], real)).code).toBe(0);
      expect((await readdir(join(folder, "state"))).sort()).toEqual([
        ".gitignore",
        ".simulator",
        "default",
        "key",
      ]);
      for (const [at, workspace] of [
        ["state/default", real],
        ["state/.simulator/tried/default", simulator],
      ] as const) {
        expect(await inventoryAt(at)).toMatchObject({ workspace: workspace.env["RENDER_OWNER_ID"] });
        expect((await run(["plan"], workspace)).code).toBe(0);
      }
      expect((await inventoryAt("state/default")).hosts).toEqual({ render: "https://api.render.com/v1" });
      expect((await inventoryAt("state/.simulator/tried/default")).hosts).toBeUndefined();
      expect(await readFile(join(folder, "state/.simulator/tried/.gitignore"), "utf8")).toBe("*\n");
      expect(await readFile(join(folder, "state/.gitignore"), "utf8")).toContain(".simulator/\n");
      const listed = await run(["state", "list", "--json"], simulator);
      expect(JSON.parse(listed.stdout)).toMatchObject({
        place: expect.stringContaining(".simulator") as string,
        resources: [{ address: "render/service/api" }],
      });
      expect((await run(["state", "show", "render/service/api"], simulator)).code).toBe(0);
    } finally {
      await simulator.close();
    }
  });

  test("is each simulated account's own: trueup sim -- trueup apply twice makes everything twice, and a real plan sees none of it", async () => {
    const program = join(import.meta.dirname, "../../../dist/main.js");
    const tried = ["sim", "--limits", "off", "--", process.execPath, program, "apply", "--yes"];
    for (const time of ["once", "again"]) {
      const { code, stdout, stderr } = await runTrueup(tried, { folder });
      expect({ time, code, stderr }).toMatchObject({ time, code: 0 });
      expect(stdout).toContain("1 to create");
    }
    expect((await readdir(join(folder, "state/.simulator"))).length).toBe(2);
    const planned = await run(["plan", "--json"], real);
    expect(planned.code).toBe(2);
    expect(planned.stdout).toContain(real.env["RENDER_OWNER_ID"]!);
  });

  test("is found again with a saved account, also below an older state that ignores nothing of it", async () => {
    const program = join(import.meta.dirname, "../../../dist/main.js");
    const apply = ["--", process.execPath, program, "apply", "--yes"];
    const plan = ["--", process.execPath, program, "plan"];
    expect((await runTrueup(["sim", "--save", "account.json", ...apply], { folder })).code).toBe(0);
    expect((await runTrueup(["sim", "--load", "account.json", ...plan], { folder })).code).toBe(0);
    expect(await readdir(join(folder, "state/.simulator"))).toHaveLength(1);
  });

  test("is known by the header of its answers: trueup sim sends it with each", async () => {
    const script =
      "fetch(process.env.RENDER_HOST + '/users').then((a) => console.log('said', a.headers.get('trueup-simulator')))";
    const ran = await runTrueup(["sim", "--", process.execPath, "-e", script], { folder });
    expect(ran.stdout).toMatch(/said [0-9a-f]{8}/u);
  });

  test("never meets a real account in one run", async () => {
    await writeFile(join(folder, "trueup.yaml"), both);
    const simulator = await startSimulator({ announcedAs: "tried" });
    try {
      const { RENDER_HOST, RENDER_API_KEY, RENDER_OWNER_ID } = simulator.env;
      const variables = { ...real.env, RENDER_HOST, RENDER_API_KEY, RENDER_OWNER_ID } as typeof real.env;
      for (const args of [["plan"], ["apply", "--yes"], ["state", "list"]]) {
        const ran = await runTrueup(args, { folder, env: variables });
        expect(ran.code).toBe(3);
        expect(ran.stderr).toContain("simulator-mixed");
      }
      expect(await readdir(folder)).toEqual(["trueup.yaml"]);
      await writeFile(join(folder, "trueup.yaml"), file);
      expect((await runTrueup(["apply", "--yes"], { folder, env: variables })).code).toBe(0);
    } finally {
      await simulator.close();
    }
  });
});

/** Whom an answer came from is looked at with each, not only with the first. */
test.each([
  ["comes", undefined, "later"],
  ["goes", "before", undefined],
])(
  "a simulator that %s in the middle of the work is an error, not a plan",
  async (_what, announced, later) => {
    let says = announced;
    const scene = await openScene({
      send: (send) => async (request) => marked(await send(request), says),
    });
    await scene.write(file);
    await scene.apply();
    says = later;
    expect(await problemsOf(scene.plan())).toMatchObject([{ code: "stand-changed" }]);
    await scene.close();
  },
);

function idOfOther(scene: Scene, id: string): string {
  return scene.rows("workspaces").find((row) => row["id"] !== id)!["id"] as string;
}

function marked(answer: HttpAnswer, simulator: string | undefined): HttpAnswer {
  if (simulator === undefined) return answer;
  return { ...answer, headers: { ...answer.headers, "trueup-simulator": simulator } };
}

/** As the shell runs it, and dying where the cut says; nobody waits for the lease of an earlier dead one. */
function applyMortal(scene: Scene, cut?: Cut): Promise<RunReport | "died"> {
  return new Mortal(scene, cut).apply({ ...planDefaults, yes: true });
}
