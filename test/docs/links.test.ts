import { existsSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";
import { readDocuments, withoutCode, type Document } from "./documents.ts";

describe("links of the documents", () => {
  const documents = readDocuments();
  const byPath = new Map(documents.map((document) => [document.path, document]));
  const links = documents.flatMap(linksOf);

  test("inside the project lead to a file, and to a heading of it", () => {
    const inside = links.filter(({ target }) => !/^[a-z]+:/u.test(target));
    expect(inside.length).toBeGreaterThan(100);
    expect(inside.filter((link) => !leads(link)).map(({ path, target }) => `${path}: ${target}`)).toEqual([]);
  });

  test("to the outside are https, and none has a space or a sign that ends it", () => {
    const outside = links.filter(({ target }) => /^[a-z]+:/u.test(target));
    expect(outside.length).toBeGreaterThan(3);
    expect(outside.filter(({ target }) => !URL.canParse(target) || !target.startsWith("https://"))).toEqual(
      [],
    );
  });

  test("each page of the docs stands once in their index, under one of four kinds", () => {
    const index = byPath.get("docs/README.md");
    const kinds = index?.text.split(/^## /mu).slice(1) ?? [];
    expect(kinds.map((text) => text.split("\n")[0])).toEqual(["Tutorial", "How to", "Reference", "Why"]);
    const listed = kinds.flatMap((text) =>
      linksOf({ path: "docs/README.md", text }).map(({ target }) => target),
    );
    const pages = documents
      .map(({ path }) => path)
      .filter((path) => path.startsWith("docs/") && path !== "docs/README.md");
    const missing = pages.filter(
      (path) => listed.filter((target) => join("docs", target) === path).length !== 1,
    );
    expect(missing.filter((path) => !path.startsWith("docs/decisions/"))).toEqual([]);
    const decisions = byPath.get("docs/why/decisions.md")?.text ?? "";
    expect(
      missing.filter(
        (path) => path.startsWith("docs/decisions/") && !decisions.includes(path.slice("docs/".length)),
      ),
    ).toEqual([]);
  });

  function leads({ path, target }: Link): boolean {
    const [name = "", heading] = target.split("#");
    const file = name === "" ? path : normalize(join(dirname(path), name));
    if (!existsSync(file)) return false;
    const document = byPath.get(file);
    if (heading === undefined) return !name.endsWith("/") || statSync(file).isDirectory();
    return document !== undefined && headingsOf(document.text).includes(heading);
  }

  test("a link to nowhere is found", () => {
    expect(leads({ path: "README.md", target: "docs/nowhere.md" })).toBe(false);
    expect(leads({ path: "README.md", target: "docs/problems.md#no-such-code" })).toBe(false);
    expect(leads({ path: "README.md", target: "docs/problems.md#yaml-syntax" })).toBe(true);
  });
});

type Link = { readonly path: string; readonly target: string };

function linksOf({ path, text }: Document): readonly Link[] {
  const plain = withoutCode(text);
  const written = [
    ...plain.matchAll(/\]\(([^)\s]+)\)/gu),
    ...plain.matchAll(/(?:src|srcset|href)="([^"]+)"/gu),
  ];
  return written.map(([, target = ""]) => ({ path, target }));
}

/** As GitHub makes them, and VitePress is told to. */
function headingsOf(text: string): readonly string[] {
  const headings = text.replaceAll(/^```[\s\S]*?^```$/gmu, "").matchAll(/^#{1,6} (.+)$/gmu);
  return [...headings].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(/\s/gu, "-"),
  );
}
