import { readFileSync } from "node:fs";
import { defineConfig, type DefaultTheme } from "vitepress";

const docs = new URL("../../docs/", import.meta.url);

/** The index of the documents is the side bar: `## Kind`, and a line for each page. */
function readSidebar(): DefaultTheme.SidebarItem[] {
  const [, ...kinds] = readFileSync(new URL("README.md", docs), "utf8").split(/^## /mu);
  return kinds.map((text) => ({
    text: text.split("\n")[0] ?? "",
    items: [...text.matchAll(/^- \[([^\]]+)\]\(([^)]+)\.md\)/gmu)].map(([, title, path]) => ({ text: title, link: `/${path}` })),
  }));
}

/** What stands outside of the documents, as an example or a test, is looked at in the repository. */
const repository = process.env["TRUEUP_REPOSITORY"];

/** As GitHub makes them, so that one link leads to the heading in both. */
function slugify(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(/\s/gu, "-");
}

export default defineConfig({
  title: "trueup",
  description: "Keeps a Render workspace and a RENDERCAD account equal to one YAML file in git.",
  // A copy, because a page finds the modules of this package only below it.
  srcDir: "./pages",
  outDir: "./dist",
  cacheDir: "./.vitepress/cache",
  rewrites: { "README.md": "index.md" },
  cleanUrls: true,
  // Every dead link fails the build; what leaves the documents was made a link to the repository, or text.
  ignoreDeadLinks: false,
  markdown: {
    anchor: { slugify },
    // `trueup` and its files are full of braces; none of them is a template.
    config(markdown) {
      markdown.core.ruler.push("outside", ({ tokens, env }) => {
        const folder = String(env.relativePath ?? "").split("/").slice(0, -1);
        for (const link of tokens.flatMap(({ children }) => children ?? []).filter(({ type }) => type === "link_open")) {
          const target = link.attrGet("href") ?? "";
          if (/^(?:[a-z]+:|#)/u.test(target)) continue;
          const path = new URL(target, `file:///root/docs/${folder.map((part) => `${part}/`).join("")}`).pathname;
          if (path.startsWith("/root/docs/")) continue;
          // A link without an address is text.
          link.attrs = repository === undefined ? [] : [["href", repository + path.slice("/root".length)]];
        }
      });
    },
  },
  vite: { publicDir: false },
  themeConfig: {
    search: { provider: "local" },
    sidebar: readSidebar(),
    outline: [2, 3],
  },
});
