import { afterEach, expect, test } from "vitest";
import type { Desired } from "../../../src/core/model/desired.ts";
import { services } from "../../../src/simulator/render/service/service-row.ts";
import { tokens } from "../../../src/simulator/rendercad/account/token-row.ts";
import { rendercadWebhooks } from "../../../src/simulator/rendercad/webhook/webhook-row.ts";
import { stopAll } from "../client.ts";
import { makeDesired, makeState } from "../desired.ts";
import { startRendercad } from "./client.ts";

afterEach(stopAll);

const token = makeDesired("rendercad/token", "api", { scope: "render-only", rotateEvery: "90d" });
const webhook = makeDesired("rendercad/webhook", "jobs", {
  url: "https://acme.test/hook",
  events: ["render.completed", "video.failed"],
});

test("tokens and webhooks of a file are there as if they had been made through the API", async () => {
  const { get, simulator } = await startRendercad({ load: [makeState(token, webhook)] });
  expect((await get("auth.php?action=get_api_tokens")).body["tokens"]).toMatchObject([
    { token_name: "trueup", scope: "full-access" },
    { token_name: "api", scope: "render-only", usage_count: 0, last_used_at: null, is_active: true },
  ]);
  expect((await get("webhooks.php?action=list")).body["webhooks"]).toMatchObject([
    { url: "https://acme.test/hook", events: ["render.completed", "video.failed"], failure_count: 0 },
  ]);
  const made = simulator.account.list(tokens).find((row) => row.tokenName === "api");
  expect((await get("auth.php?action=usage", made?.token)).status).toBe(200);
});

test("a token that the file names and that is there already is not made again", async () => {
  const own = makeDesired("rendercad/token", "trueup", { scope: "full-access" });
  const { get } = await startRendercad({ load: [makeState(own)] });
  expect((await get("auth.php?action=get_api_tokens")).body["tokens"]).toHaveLength(1);
});

test("what services take from them is in their variables", async () => {
  const output = (of: Desired, name: string) => ({ from: "output", of: of.address, output: name }) as const;
  const api = makeDesired("render/service", "api", {
    type: "worker",
    runtime: "image",
    image: { url: "acme/api:1" },
    envVars: {
      TOKEN: output(token, "token"),
      SECRET: output(webhook, "secret"),
      HOOK: output(webhook, "id"),
    },
  });
  const { simulator } = await startRendercad({ load: [makeState(token, webhook, api)] });
  const owner = simulator.env["RENDER_OWNER_ID"];
  const row = simulator.account.list(services).find((service) => service.ownerId === owner);
  const [hook] = simulator.account.list(rendercadWebhooks);
  expect(Object.fromEntries((row?.envVars ?? []).map(({ key, value }) => [key, value]))).toEqual({
    TOKEN: simulator.account.list(tokens).find(({ tokenName }) => tokenName === "api")?.token,
    SECRET: hook?.secret,
    HOOK: hook?.id,
  });
});
