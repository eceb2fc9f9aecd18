import { createHash } from "node:crypto";
import { byNature } from "../base/natural.ts";
import { kindClass, classOf, looks, type Mark } from "../picture/looks.ts";
import { nounOf } from "../base/kind-names.ts";
import type { KindName } from "../../core/base/address.ts";
import { drawn, html, type Content, type Markup } from "./html.ts";
import { pageStyle } from "./style.ts";

/** One line of a listing, as far as filters know it. */
type Filtered = { readonly kind: string; readonly mark: Mark };

/** A page. `listed`: what the filters are made of; none are shown where there is nothing to choose from. */
export type Page = {
  readonly title: string;
  readonly listed: readonly Filtered[];
  /** Marks that are hidden until they are ticked. */
  readonly hidden?: readonly Mark[];
  /** Gets the filters, to put them where the listing begins. */
  readonly body: (filters: Markup | undefined) => Content;
};

type Tick = {
  readonly id: string;
  readonly className: string;
  readonly words: string;
  readonly isOn: boolean;
};

/** The whole document. */
export function renderPage({ title, listed, hidden = [], body }: Page): string {
  const kinds = ticks(
    listed.map(({ kind }) => kind).filter((kind) => kind !== ""),
    kindClass,
    (kind) => nounOf(kind as KindName),
  );
  const marks = ticks(
    listed.map(({ mark }) => mark),
    (mark) => classOf(mark as Mark),
    (mark) => looks[mark as Mark].word,
    new Set<string>(hidden.length < new Set(listed.map(({ mark }) => mark)).size ? hidden : []),
  );
  const groups = [marks, kinds].filter((group) => group.length > 1);
  const all = groups.flat();
  const style = `${pageStyle}${all.map(ruleOf).join("\n")}\n`;
  const policy = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'; base-uri 'none'; form-action 'none'`;
  const filters =
    all.length === 0
      ? undefined
      : html`${groups.map((group) => html`<div class="filters">${group.map(({ id, words }) => html`<label for="${id}">${words}</label>`)}</div>`)}`;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${drawn(policy)}" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        ${drawn(`<style>${style}</style>`)}
      </head>
      <body>
        ${all.map(({ id, words, isOn }) => html`<input class="tick" type="checkbox" id="${id}" aria-label="${words}" ${isOn ? drawn(" checked") : undefined} />`)}
        <main>${body(filters)}</main>
      </body>
    </html> `;
  return page.text;
}

/** A box for each of the names, with how many lines it is about. */
function ticks(
  names: readonly string[],
  classOfName: (name: string) => string,
  wordOf: (name: string) => string,
  hidden: ReadonlySet<string> = new Set(),
): readonly Tick[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => byNature(wordOf(a), wordOf(b)))
    .map(([name, many]) => {
      const className = classOfName(name);
      return { id: `f-${className}`, className, words: `${wordOf(name)} ${many}`, isOn: !hidden.has(name) };
    });
}

/** What is not ticked is hidden in the listing, and pale in the pictures, whose places stay as they are. */
function ruleOf({ id, className }: Tick): string {
  const off = `#${id}:not(:checked)~main`;
  return [
    `${off} .row.${className}{display:none}`,
    `${off} .pic .box.${className}{opacity:.35}`,
    `${off} label[for=${id}]{opacity:.5;text-decoration:line-through}`,
    `#${id}:focus-visible~main label[for=${id}]{outline:2px solid var(--link)}`,
  ].join("");
}
