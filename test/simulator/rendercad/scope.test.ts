import { afterEach, expect, test } from "vitest";
import { stopAll } from "../client.ts";
import { makeToken, startRendercad } from "./client.ts";

afterEach(stopAll);

const scopes = ["read-only", "render-only", "full-access"];

/** Every action behind a token, and the narrowest scope that may call it (documented). */
const least: { readonly [action: string]: string } = {
  "GET auth.php?action=check": "read-only",
  "GET auth.php?action=usage": "read-only",
  "GET auth.php?action=plan_info": "read-only",
  "GET auth.php?action=get_api_tokens": "read-only",
  "POST auth.php?action=create_api_token": "full-access",
  "POST auth.php?action=revoke_api_token": "full-access",
  "POST auth.php?action=rename_api_token": "full-access",
  "GET api_discovery.php?action=models": "read-only",
  "GET api_discovery.php?action=conditions": "read-only",
  "GET api_discovery.php?action=backgrounds": "read-only",
  "GET api_discovery.php?action=textures": "read-only",
  "GET api_discovery.php?action=video_options": "read-only",
  "GET webhooks.php?action=list": "read-only",
  "POST webhooks.php?action=register": "full-access",
  "POST webhooks.php?action=delete": "full-access",
  "GET render.php?action=status": "read-only",
  "GET render.php?action=history": "read-only",
  "POST render.php?action=create_job": "render-only",
  "POST render.php?action=presign_upload": "render-only",
  "POST render.php?action=finalize_job": "render-only",
  "POST render.php?action=cancel": "render-only",
  "POST render.php?action=delete": "full-access",
  "GET video.php?action=status": "read-only",
  "POST video.php?action=create_job": "render-only",
  "POST video.php?action=finalize_job": "render-only",
  "POST video.php?action=convert": "render-only",
  "POST video.php?action=cancel": "render-only",
};

test("each action is open from its scope upwards, and 403 below it", async () => {
  const rendercad = await startRendercad();
  const tokens: [string, string][] = [];
  for (const scope of scopes) tokens.push([scope, await makeToken(rendercad, scope)]);
  const found: { [action: string]: string[] } = {};
  for (const action of Object.keys(least)) {
    const [method, path = ""] = action.split(" ");
    found[action] = [];
    for (const [scope, token] of tokens) {
      const send = method === "GET" ? rendercad.get(path, token) : rendercad.post(path, {}, token);
      if ((await send).status !== 403) found[action].push(scope);
    }
  }
  const expected = Object.entries(least).map(([action, scope]) => [
    action,
    scopes.slice(scopes.indexOf(scope)),
  ]);
  expect(found).toEqual(Object.fromEntries(expected));
});

test("each action but the check refuses a call without credentials", async () => {
  const { get, post } = await startRendercad();
  const open: string[] = [];
  for (const action of Object.keys(least)) {
    const [method, path = ""] = action.split(" ");
    const { status } = method === "GET" ? await get(path, null) : await post(path, {}, null);
    if (status !== 401) open.push(action);
  }
  expect(open).toEqual(["GET auth.php?action=check"]);
});
