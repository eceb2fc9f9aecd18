import { expect, test } from "vitest";
import { checkLabel } from "../../../src/commands/base/label.ts";
import { ProblemError } from "../../../src/core/base/problem.ts";
import { openScene } from "../../scene.ts";

function codesOf(label: string): readonly string[] {
  try {
    checkLabel(label);
    return [];
  } catch (error) {
    if (error instanceof ProblemError) return error.problems.map(({ code }) => code);
    throw error;
  }
}

test.each([
  "",
  " ",
  "a ",
  ".",
  "..",
  "a\nb",
  "a\u202eb",
  "a\u0000",
  "\u001b[31m",
  "\ud800",
  "CON",
  "nul.txt",
  "x".repeat(201),
])("%j is no label", (label) => {
  expect(codesOf(label)).toEqual(["label-not-allowed"]);
});

test.each(["default", "preview/42", "größe", "a b", "key", "con2", "../up", "x".repeat(200)])(
  "%j is a label",
  (label) => {
    expect(codesOf(label)).toEqual([]);
  },
);

test("an empty label stops plan, apply and drift, also one that the file gives", async () => {
  const scene = await openScene();
  await scene.write("services: [{type: web, name: api, runtime: image, image: {url: nginx}}]");
  for (const run of [() => scene.plan({ label: "" }), () => scene.apply({ label: "" })])
    await expect(run()).rejects.toThrow("label-not-allowed");
  await scene.write(
    "state: {name: '..'}\nservices: [{type: web, name: api, runtime: image, image: {url: nginx}}]",
  );
  await expect(scene.drift()).rejects.toThrow("label-not-allowed");
  expect(scene.rows("services")).toEqual([]);
  await scene.close();
});
