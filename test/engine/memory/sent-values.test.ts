import { expect, test } from "vitest";
import { Secret } from "../../../src/core/base/secret.ts";
import { SentValues } from "../../../src/engine/memory/sent-values.ts";

const api = "render/service/api";
const web = "render/service/web";

test("a value that was sent is known by its address and field, and its secret is told", () => {
  const sent = new SentValues();
  const secret = new Secret("s");
  sent.note(api, "envVars.KEY", { state: "known", secret });
  expect(sent.value(api, "envVars.KEY")).toEqual({ state: "known", secret });
  expect(sent.value(web, "envVars.KEY")).toBeUndefined();
  expect(sent.secrets()).toEqual([secret]);
});

test("a field counts as written after a call that had it was done, and not when its value goes into one", () => {
  const sent = new SentValues();
  sent.note(api, "envVars.KEY", { state: "known", secret: new Secret("s") });
  expect(sent.hasWritten(api, "envVars.KEY")).toBe(false);
  sent.noteWritten({ address: api, fields: ["envVars.KEY", "plan"] });
  expect(sent.hasWritten(api, "plan")).toBe(true);
  expect(sent.hasWritten(web, "plan")).toBe(false);
});
