import { describe, expect, test } from "vitest";
import { readText, resourceOf, stateOf, toldBy } from "./read.ts";

const services = "services: [{type: web, name: api, runtime: docker}]\n";

describe("what the reader of YAML accepts", () => {
  test.each([
    ["an empty file", ""],
    ["a file of comments", "# nothing\n"],
    ["a byte order mark", `\uFEFF${services}`],
    ["CRLF", services.replaceAll("\n", "\r\n")],
    ["a document start", `---\n${services}`],
    ["a tab before a comment", "services: []\t# none\n"],
    ["a %YAML line that says 1.2", `%YAML 1.2\n---\n${services}`],
  ])("%s", (_, text) => {
    expect(toldBy(readText(text))).toEqual([]);
  });

  test("columns do not count a byte order mark", () => {
    expect(toldBy(readText("\uFEFFservcies: []"))).toEqual(["error unknown-key 1:1"]);
  });

  test("off and no are texts, as YAML 1.2 has it", () => {
    const { spec } = resourceOf(`
services:
  - type: web
    name: no
    runtime: docker
    autoDeployTrigger: off
    previews: {generation: off}
`);
    expect(spec).toMatchObject({ autoDeployTrigger: "off", previews: { generation: "off" } });
  });

  test("merge keys and anchors are followed; a block's own keys win", () => {
    const { resources } = stateOf(`
services:
  - &base
    type: web
    name: a
    runtime: docker
    plan: starter
  - <<: *base
    name: b
    plan: standard
  - <<: [{name: c}, *base]
`);
    expect(resources.map(({ name, spec }) => [name, spec["plan"]])).toEqual([
      ["a", "starter"],
      ["b", "standard"],
      ["c", "starter"],
    ]);
  });

  test("numbers are names where names are texts", () => {
    expect(stateOf("databases: [{name: 123}]").resources[0]?.address).toBe("render/postgres/123");
  });

  test("names keep case, spaces and letters of every script", () => {
    const names = ["My API", "größe", "日本", "a/b", "web@2"];
    const { resources } = stateOf(`databases:\n${names.map((name) => `  - name: ${name}\n`).join("")}`);
    expect(resources.map(({ name }) => name)).toEqual(names);
  });
});

describe("what it refuses, with the place", () => {
  test.each([
    ["a duplicate key", "services: []\nservices: []\n", "error yaml-duplicate-key 2:1"],
    ["a duplicate key in a block", "databases:\n  - name: a\n    name: b\n", "error yaml-duplicate-key 3:5"],
    ["several documents", "services: []\n---\nservices: []\n", "error yaml-syntax 2:1"],
    ["an unknown alias", "services: *nobody\n", "error yaml-alias 1:11"],
    ["an alias inside its anchor", "services: &a [*a]\n", "error yaml-alias 1:15"],
    ["a merge of a text", "databases: [{<<: x, name: a}]\n", "error yaml-merge 1:18"],
    ["a mapping as a key", "? {a: b}\n: c\n", "error yaml-key 1:3"],
    ["a nameless key", "services: []\n: x\n", "error yaml-key 2:1"],
    ["YAML 1.1", "%YAML 1.1\n---\nservices: []\n", "error yaml-version 1:1"],
    ["a text instead of a file", "hello\n", "error root-not-mapping 1:1"],
    ["a list instead of a file", "- type: web\n", "error root-not-mapping 1:1"],
    ["an unclosed quote", 'services: "\n', "error yaml-syntax"],
    ["a tab for indentation", "services:\n\t- type: web\n", "error yaml-syntax 2:1"],
  ])("%s", (_, text, told) => {
    const result = readText(text);
    expect(result.state).toBeUndefined();
    expect(toldBy(result)[0]).toContain(told);
  });

  test.each([
    ["cookiecutter", "services:\n  - type: web\n    name: {{cookiecutter.project_slug}}\n", "cookiecutter"],
    ["Jinja", "services:\n{% for s in all %}\n  - name: {{ s }}\n{% endfor %}\n", "Jinja"],
    ["ERB", "services:\n<% all.each do |s| %>\n  - name: <%= s %>\n", "ERB"],
    ["an unquoted placeholder", "services:\n  - type: web\n    name: {{ name }}\n", "mustache"],
  ])("a template says that it is one: %s", (_, text, language) => {
    const [problem] = readText(text).problems;
    expect(problem).toMatchObject({ code: "template-file", message: expect.stringContaining(language) });
  });

  test("braces in quotes are text and no template", () => {
    const text = 'services: [{type: web, name: a, runtime: docker, envVars: [{key: T, value: "{{ x }}"}]}]';
    expect(toldBy(readText(text))).toEqual([]);
  });

  test("all syntax errors of a file in one go", () => {
    expect(toldBy(readText('a: "\\q"\nb: "\\q"\n')).length).toBeGreaterThan(1);
  });
});
