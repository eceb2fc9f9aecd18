import { expect, test } from "vitest";
import { operations } from "../../src/simulator/render/operation.ts";
import { renderRoutes } from "../../src/simulator/render/routes.ts";

function lineOf({ method, path }: { readonly method: string; readonly path: string }): string {
  return `${method} ${path.replaceAll(/\{\w+\}/g, "{}")}`;
}

test("every operation that is not absent has a route, and every route stands in the table once", () => {
  const table = operations.filter(({ source }) => source !== "absent").map(lineOf);
  // Where the addresses of database exports lead is no operation of the API.
  const routes = renderRoutes.map(lineOf).filter((line) => line !== "GET /exports/{}");
  expect(table.toSorted()).toEqual(routes.toSorted());
});

test("no absent operation has a route", () => {
  const routes = new Set(renderRoutes.map(lineOf));
  const absent = operations.filter(({ source }) => source === "absent").map(lineOf);
  expect(absent.filter((line) => routes.has(line))).toEqual([]);
});
