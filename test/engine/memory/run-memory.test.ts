import { expect, test } from "vitest";
import { revealSecret, Secret } from "../../../src/core/base/secret.ts";
import { idOfHalf, secretsOf } from "../../../src/engine/memory/run-memory.ts";
import { foundAs, remember } from "../values/remember.ts";

const api = "render/service/api";

test("an object without an id is no object yet, and a step says so", () => {
  const { memory } = remember({});
  expect(() => memory.resources.idOf(api)).toThrow("render/service/api has no id yet");
  memory.resources.noteMade(api, "srv-3");
  expect(idOfHalf(memory, api, undefined)).toBe("srv-3");
  expect(() => idOfHalf(memory, api, "successor")).toThrow("has no id yet");
});

test("logs are scrubbed of what was read, sent and shown once", () => {
  const { memory } = remember({
    found: { [api]: { ...foundAs("srv-1"), spec: { plan: "starter", envVars: { A: new Secret("read") } } } },
  });
  memory.sent.note(api, "envVars.B", { state: "known", secret: new Secret("sent") });
  memory.shownOnce.note("rendercad/token/ci", { token: new Secret("shown") });
  expect(secretsOf(memory).map(revealSecret).sort()).toEqual(["read", "sent", "shown"]);
});
