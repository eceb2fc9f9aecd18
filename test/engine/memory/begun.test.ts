import { expect, test } from "vitest";
import { Begun } from "../../../src/engine/memory/begun.ts";

const api = "render/service/api";

test("of deploys and jobs it is known what was there before, each by itself, until the run's own has shown", () => {
  const begun = new Begun();
  expect(begun.before("deploy", api)).toBeUndefined();
  expect(begun.noteBefore("deploy", api, "dep-4")).toEqual({ after: "dep-4" });
  expect(begun.noteBefore("job", api, undefined)).toEqual({ after: null });
  expect(begun.before("deploy", api)).toBe("dep-4");
  expect(begun.before("job", api)).toBeNull();
  begun.noteShown("deploy", api);
  expect(begun.before("deploy", api)).toBeUndefined();
  expect(begun.before("job", api)).toBeNull();
  expect(begun.before("deploy", "render/service/web")).toBeUndefined();
});

test("the deploy that comes with a new service is known by its id", () => {
  const begun = new Begun();
  expect(begun.firstDeploy(api)).toBeUndefined();
  begun.noteFirstDeploy(api, "dep-1");
  expect(begun.firstDeploy(api)).toBe("dep-1");
});

test("an export is this run's own if it was not there before, and the question is a mistake before that was noted", () => {
  const begun = new Begun();
  expect(() => begun.isOwnExport("dpg-1", "exp-1")).toThrow("dpg-1");
  begun.noteExports("dpg-1", ["exp-1"]);
  expect(begun.isOwnExport("dpg-1", "exp-1")).toBe(false);
  expect(begun.isOwnExport("dpg-1", "exp-2")).toBe(true);
  expect(() => begun.isOwnExport("dpg-2", "exp-1")).toThrow("dpg-2");
});
