import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { runDoctor } from "../../src/commands/doctor.ts";
import { findRendercadToken } from "../../src/commands/accounts/rendercad-account.ts";
import { storeToken } from "../../src/commands/accounts/rendercad-token-store.ts";
import { runWhoami } from "../../src/commands/whoami.ts";
import { ProblemError } from "../../src/core/base/problem.ts";
import { Secret } from "../../src/core/base/secret.ts";
import { renderIdentity, renderIdentityJson } from "../../src/views/account/whoami.ts";
import { openScene, type Scene } from "../scene.ts";

const scenes: Scene[] = [];

afterEach(async () => {
  await Promise.all(scenes.splice(0).map((scene) => scene.close()));
});

async function openMachine(environment: { readonly [name: string]: string } = {}): Promise<Scene> {
  const scene = await openScene({ environment });
  scenes.push(scene);
  scene.setVariable("XDG_CONFIG_HOME", join(scene.folder, "config"));
  return scene;
}

const screen = { columns: 80, colour: false, unicode: true };
const noRender = { RENDER_API_KEY: "", RENDER_OWNER_ID: "" };

/** Keeps the token of the environment as a sign-in does. */
async function keepToken(scene: Scene): Promise<void> {
  const token = await findRendercadToken(scene.deps);
  if (!(token instanceof Secret)) throw new Error("no token");
  await storeToken(scene.deps, { token, signedInAt: "2026-11-22T09:00:00.000Z", keyRing: false });
}

describe("whoami", () => {
  test("tells RENDERCAD's user, plan, credits and token beside Render's, with five reads", async () => {
    const scene = await openMachine();
    const identity = await runWhoami({}, scene.deps);
    expect(identity).toMatchObject({
      render: { user: { email: "ada@acme.test" } },
      rendercad: {
        host: scene.simulator.rendercad,
        email: "ada@acme.test",
        plan: "Professional",
        status: "active",
        credits: { limit: 120, used: 0, remaining: 120, granted: 12, pooled: 87, resetsOn: "2026-12-01" },
        pendingRenders: 0,
        tokens: [{ name: "trueup", scope: "full-access" }],
        from: "RENDERCAD_API_TOKEN",
        hasUnusedSignIn: false,
      },
    });
    expect(scene.requests.filter(({ api }) => api === "rendercad")).toHaveLength(5);
    expect(renderIdentity(identity, screen)).toContain(`
RENDERCAD: ada@acme.test
    plan     Professional, active
    credits  120 of 120 left, anew on 2026-12-01, 12 granted, 87 pooled
    renders  0 pending
    token    trueup, full-access (RENDERCAD_API_TOKEN)
`);
    const json = JSON.parse(renderIdentityJson(identity)) as object;
    expect(Object.keys(json)).toEqual(["formatVersion", "kind", "render", "rendercad", "verdict"]);
  });

  test("needs credentials of one side only", async () => {
    const rendercad = await openMachine(noRender);
    expect(Object.keys(await runWhoami({}, rendercad.deps))).toEqual(["rendercad"]);
    const render = await openMachine({ RENDERCAD_API_TOKEN: "" });
    expect(Object.keys(await runWhoami({}, render.deps))).toEqual(["render"]);
    const nobody = await openMachine({ ...noRender, RENDERCAD_API_TOKEN: "" });
    const error: unknown = await runWhoami({}, nobody.deps).catch((caught: unknown) => caught);
    expect((error as ProblemError).problems.map(({ code }) => code)).toEqual([
      "no-api-key",
      "no-rendercad-token",
    ]);
  });

  test("uses the token of a sign-in, and says when one is kept that the variable wins over", async () => {
    const scene = await openMachine();
    await keepToken(scene);
    const both = await runWhoami({}, scene.deps);
    expect(both.rendercad).toMatchObject({ from: "RENDERCAD_API_TOKEN", hasUnusedSignIn: true });
    expect(renderIdentity(both, screen)).toContain("RENDERCAD_API_TOKEN wins over it");
    scene.setVariable("RENDERCAD_API_TOKEN", "");
    const kept = await runWhoami({}, scene.deps);
    expect(kept.rendercad).toMatchObject({ from: "sign-in", hasUnusedSignIn: false });
  });

  test("tells one side when the other refuses", async () => {
    const scene = await openMachine({ RENDERCAD_API_TOKEN: "rendercad_revoked" });
    const identity = await runWhoami({}, scene.deps);
    expect(identity).toMatchObject({
      render: { user: {} },
      rendercad: { problems: [{ code: "unauthorized" }] },
    });
    expect(renderIdentity(identity, screen)).toContain("401");
    expect(renderIdentity(identity, screen)).not.toContain("rendercad_revoked");
  });

  test("names every token that it could be where two are in use", async () => {
    const scene = await openMachine();
    const made = await create(scene, "busy");
    const send = scene.world.send;
    const world: Scene["world"] = {
      ...scene.world,
      send: async (request) => {
        const answer = await send(request);
        if (request.url.includes("get_api_tokens"))
          await fetch(`${scene.simulator.rendercad}/auth.php?action=check`, {
            headers: { authorization: `Bearer ${made}` },
          });
        return answer;
      },
    };
    const identity = await runWhoami({}, { ...scene.deps, world });
    expect(renderIdentity(identity, screen)).toMatch(/token +one of trueup, busy: full-access or read-only/);
  });
});

describe("doctor", () => {
  const checks = async (scene: Scene) => {
    const all = await runDoctor({ files: [], node: "v24.1.0" }, scene.deps);
    return Object.fromEntries(all.map(({ name, verdict, says }) => [name, `${verdict}: ${says}`]));
  };
  const file = "rendercad: { tokens: [{ name: api }] }\n";

  test("has a line for RENDERCAD where there is a token or the file asks for one", async () => {
    const scene = await openMachine();
    expect(await checks(scene)).toMatchObject({
      RENDERCAD: "fine: RENDERCAD_API_TOKEN works, for ada@acme.test",
    });
    scene.setVariable("RENDERCAD_API_TOKEN", "");
    expect(await checks(scene)).not.toHaveProperty("RENDERCAD");
    await scene.write(file);
    expect((await checks(scene))["RENDERCAD"]).toMatch(/^failed: There is no API token/);
    scene.setVariable("RENDERCAD_API_TOKEN", "rendercad_wrong");
    expect((await checks(scene))["RENDERCAD"]).toMatch(/^failed: .*401/);
  });

  test("asks for no key of Render's where the file is of RENDERCAD alone", async () => {
    const scene = await openMachine(noRender);
    await scene.write(file);
    expect(Object.keys(await checks(scene))).not.toContain("API key");
    expect(Object.values(await checks(scene)).filter((said) => said.startsWith("failed"))).toEqual([]);
  });

  test("warns of a sign-in that others can read, and of one that is not used", async () => {
    const scene = await openMachine();
    await keepToken(scene);
    expect((await checks(scene))["sign-in"]).toBe(
      "fine: kept in the file, and not used: RENDERCAD_API_TOKEN wins over it",
    );
    await chmod(join(scene.folder, "config/trueup/rendercad.json"), 0o644);
    expect((await checks(scene))["sign-in"]).toMatch(/^warning: Others than you can read/);
  });
});

/** A token of somebody else's, read-only. */
async function create(scene: Scene, name: string): Promise<string> {
  const body = JSON.stringify({
    api: "rendercad",
    method: "POST",
    path: "/auth.php?action=create_api_token",
    body: { token_name: name, scope: "read-only" },
  });
  const answer = await fetch(`${scene.simulator.control}/edit`, { method: "POST", body });
  const made = (await answer.json()) as { readonly body: { readonly token: string } };
  return made.body.token;
}
