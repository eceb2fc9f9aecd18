import { expect, test } from "vitest";
import { runValidate } from "../../src/commands/validate.ts";
import { ProblemError } from "../../src/core/base/problem.ts";
import { renderValidation } from "../../src/views/base/problems.ts";
import { renderValidationJson } from "../../src/views/json/validation-json.ts";

const screen = { columns: 100, colour: false, unicode: true };

function folderOf(files: { readonly [path: string]: string }) {
  return {
    folder: "/project",
    readFile: (path: string) =>
      Promise.resolve(path in files ? new TextEncoder().encode(files[path]) : undefined),
    world: { now: () => Date.UTC(2026, 10, 22) },
  };
}

test("a good file is told in one line", async () => {
  const deps = folderOf({ "/project/trueup.yaml": "databases: [{name: main, plan: basic-1gb}]\n" });
  const validation = await runValidate({ files: [] }, deps);
  expect(renderValidation(validation, screen)).toBe("trueup.yaml declares 1 resource.\n");
});

test("problems come with frames, a count, and the verdict", async () => {
  const deps = folderOf({
    "/project/a.yaml": "databases:\n  - name: main\n    plan: basic-2gb\n    usr: x\n",
  });
  const validation = await runValidate({ files: ["a.yaml"] }, deps);
  const text = renderValidation(validation, screen);
  expect(text).toContain("error  wrong-value  a.yaml:3:11");
  expect(text).toContain("  > 4 |     usr: x\n      |     ^\n");
  expect(text).toContain("Did you mean `user`?");
  expect(text).toMatch(/2 errors\na\.yaml cannot be used as it is\.\n$/);
});

test("the JSON says what the text says", async () => {
  const deps = folderOf({
    "/project/a.yaml":
      "services: [{type: workflow, name: w, runtime: node, region: ohio, startCommand: run}]\n",
    "/project/b.yaml": "databases: [{name: main, plan: Basic-1gb}]\n",
  });
  const validation = await runValidate({ files: ["a.yaml", "b.yaml"] }, deps);
  expect(JSON.parse(renderValidationJson(validation))).toEqual({
    formatVersion: "1.0",
    kind: "validation",
    verdict: "done",
    files: ["a.yaml", "b.yaml"],
    valid: true,
    problems: [
      expect.objectContaining({ code: "loose-spelling", where: { file: "b.yaml", line: 1, column: 32 } }),
    ],
    resources: [{ address: "render/postgres/main", where: { file: "b.yaml", line: 1, column: 20 } }],
    notManaged: [
      {
        address: "render/workflow/w",
        where: { file: "a.yaml", line: 1, column: 35 },
        reason: "workflow is not managed yet",
      },
    ],
  });
});

test("a name cannot steer the terminal", async () => {
  const deps = folderOf({
    "/project/trueup.yaml": 'services:\n  - type: "\\e[31mweb"\n    "\\e]0;x\\a": "\\u202Eabc"\n',
  });
  const text = renderValidation(await runValidate({ files: [] }, deps), screen);
  // oxlint-disable-next-line no-control-regex -- the test is about them
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
});

test("a missing file is an expected failure", async () => {
  await expect(runValidate({ files: ["none.yaml"] }, folderOf({}))).rejects.toBeInstanceOf(ProblemError);
});
