import { afterEach, beforeEach, expect, test } from "vitest";
import type { Json } from "../../src/core/base/json.ts";
import { rowNamed } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";
import { converge, idOf, readsOf, stepsOf, verdictsOf } from "./converge.ts";

let scene: Scene;
beforeEach(async () => void (scene = await openScene()));
afterEach(() => scene.close());

const site = (more = ""): string => `
services:
  - type: web
    name: docs
    runtime: static
    buildCommand: npm run build
    staticPublishPath: dist
${more}`;
const headers = (...lines: readonly string[]): string =>
  `    headers:\n${lines.map((line) => `      - ${line}\n`).join("")}`;
const routes = (...lines: readonly string[]): string =>
  `    routes:\n${lines.map((line) => `      - ${line}\n`).join("")}`;
const frame = '{ path: "/*", name: X-Frame-Options, value: DENY }';
const cacheHeader = '{ path: "/my files/*", name: Cache-Control, value: no-store }';
const blog = "{ type: redirect, source: /blog, destination: /news }";
const app = '{ type: rewrite, source: "/*", destination: /index.html }';
const old = "{ type: redirect, source: /old, destination: / }";

function rowsOf(list: "headers" | "routes"): readonly { readonly [member: string]: string }[] {
  return rowNamed(scene, "services", "docs")[list] as never;
}
const headerTexts = (): readonly string[] =>
  rowsOf("headers")
    .map(({ path, name, value }) => `${path} ${name}: ${value}`)
    .sort();
const routeTexts = (): readonly string[] =>
  rowsOf("routes").map(({ type, source, destination }) => `${type} ${source} ${destination}`);

function edit(method: string, below: string, body?: Json): Promise<Json> {
  return scene.edit(method, `/services/${idOf(scene, "services", "docs")}/${below}`, body);
}
function writes(): readonly string[] {
  return scene.requests
    .filter(({ method }) => method !== "GET")
    .map(({ method, path }) => `${method} ${path.replace(/srv-\w+/, "docs")}`);
}

test("a new site carries its headers and routes in its creation", async () => {
  await converge(scene, site(headers(frame, cacheHeader) + routes(blog, app)));
  expect(headerTexts()).toEqual(["/* X-Frame-Options: DENY", "/my files/* Cache-Control: no-store"]);
  expect(routeTexts()).toEqual(["redirect /blog /news", "rewrite /* /index.html"]);
  expect(writes()).toEqual(["POST /services"]);
  expect((await readsOf(scene)).length).toBe(4);
});

test("lists that the file does not have are not read", async () => {
  await converge(scene, site());
  expect((await readsOf(scene)).filter((line) => /headers|routes/.test(line))).toEqual([]);
});

test("a changed header is one call that keeps what is not ours, and starts no deploy", async () => {
  await converge(scene, site(headers(frame, cacheHeader)));
  await edit("POST", "headers", { path: "/theirs", name: "X-Theirs", value: "kept" });
  await converge(scene, site(headers(frame.replace("DENY", "SAMEORIGIN"))));
  expect(headerTexts()).toEqual(["/* X-Frame-Options: SAMEORIGIN", "/theirs X-Theirs: kept"]);
  expect(writes().slice(1)).toEqual(["PUT /services/docs/headers"]);
});

test("an exclusive list of headers loses what the file never declared", async () => {
  await converge(scene, site(headers(frame)));
  await edit("POST", "headers", { path: "/theirs", name: "X-Theirs", value: "gone" });
  await converge(scene, site(`${headers(frame)}    headersExclusive: true\n`));
  expect(headerTexts()).toEqual(["/* X-Frame-Options: DENY"]);
});

test("a second header of the same path and name is somebody else's and stays", async () => {
  await converge(scene, site(headers(frame)));
  await edit("POST", "headers", { path: "/*", name: "X-Frame-Options", value: "theirs" });
  expect(stepsOf(await scene.plan())).toEqual([]);
  await converge(scene, site(headers(frame.replace("DENY", "SAMEORIGIN"))));
  expect(headerTexts()).toEqual(["/* X-Frame-Options: SAMEORIGIN", "/* X-Frame-Options: theirs"]);
});

test("somebody else's change of a header is seen and reverted", async () => {
  await converge(scene, site(headers(frame)));
  await edit("PUT", "headers", [{ path: "/*", name: "X-Frame-Options", value: "ALLOWALL" }]);
  expect(verdictsOf(await scene.plan())).toEqual(["update render/service/docs outside"]);
  await converge(scene, site(headers(frame)));
  expect(headerTexts()).toEqual(["/* X-Frame-Options: DENY"]);
});

test("declared routes come first in file order, the others keep theirs", async () => {
  await converge(scene, site(routes(blog, app)));
  await edit("POST", "routes", { type: "redirect", source: "/theirs", destination: "/1", priority: 0 });
  await edit("POST", "routes", { type: "redirect", source: "/also-theirs", destination: "/2" });
  const plan = await scene.plan();
  expect(stepsOf(plan)).toEqual(["update render/service/docs routes"]);
  expect(plan.changes[0]?.notes).toEqual([
    { note: "not-in-file", field: "routes", entries: ["redirect /also-theirs", "redirect /theirs"] },
  ]);
  await converge(scene, site(routes(old, blog, app)));
  expect(routeTexts()).toEqual([
    "redirect /old /",
    "redirect /blog /news",
    "rewrite /* /index.html",
    "redirect /theirs /1",
    "redirect /also-theirs /2",
  ]);
});

test("another order is a change, a dropped route is deleted, and no route is left over", async () => {
  await converge(scene, site(routes(blog, old, app)));
  await converge(scene, site(routes(old, blog, app)));
  expect(routeTexts()[0]).toBe("redirect /old /");
  await converge(scene, site(routes(app)));
  expect(routeTexts()).toEqual(["rewrite /* /index.html"]);
  await converge(scene, site());
  expect(routeTexts()).toEqual([]);
});
