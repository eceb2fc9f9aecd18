import { wrapText } from "../base/layout.ts";
import type { Row } from "../base/rows.ts";
import type { Canvas, Line } from "../base/screen.ts";

/** Whose account the RENDERCAD token belongs to, and what it may do. */
export type RendercadIdentity = {
  readonly host: string;
  readonly email: string;
  readonly plan: string;
  /** Status of the subscription, as RENDERCAD says it. */
  readonly status: string;
  /** Credits of the account; `null` where the answer did not say. */
  readonly credits: {
    readonly limit: number | null;
    readonly used: number | null;
    readonly remaining: number | null;
    readonly granted: number | null;
    readonly pooled: number | null;
    /** ISO date of the next billing cycle; empty where the answer did not say. */
    readonly resetsOn: string;
  };
  readonly pendingRenders: number | null;
  /**
   * The token that these facts were asked with. It is several where more than one could be meant, because no call
   * says which token it was made with.
   */
  readonly tokens: readonly { readonly name: string; readonly scope: string }[];
  readonly from: "RENDERCAD_API_TOKEN" | "sign-in";
  /** A sign-in of `trueup login` is kept, but RENDERCAD_API_TOKEN is set and wins over it. */
  readonly hasUnusedSignIn: boolean;
};

/** The rows of `whoami` about RENDERCAD. */
export function rendercadRows(identity: RendercadIdentity, canvas: Canvas): readonly Row[] {
  const { plan, status, tokens, from, hasUnusedSignIn, pendingRenders } = identity;
  const source = from === "sign-in" ? "kept by login rendercad" : from;
  const facts: readonly (readonly [label: string, words: string])[] = [
    ["plan", [plan, status].filter(Boolean).join(", ")],
    ["credits", describeCredits(identity.credits)],
    ["renders", pendingRenders === null ? "" : `${pendingRenders} pending`],
    ["token", `${describeTokens(tokens)} (${source})`],
  ];
  const note = "A sign-in is kept as well; RENDERCAD_API_TOKEN wins over it.";
  return [
    ...facts.filter(([, words]) => words !== "").map(([label, words]) => row(label, words, canvas)),
    ...(hasUnusedSignIn ? [row("", note, canvas)] : []),
  ];
}

function row(label: string, words: string, canvas: Canvas): Row {
  return {
    indent: 4,
    label,
    words: (columns) =>
      wrapText(canvas.text(words), columns).map((line): Line => [
        [line, label === "" ? canvas.ink.yellow : undefined],
      ]),
  };
}

function describeCredits({
  limit,
  remaining,
  granted,
  pooled,
  resetsOn,
}: RendercadIdentity["credits"]): string {
  const left = remaining === null || limit === null ? [] : [`${remaining} of ${limit} left`];
  return [
    ...left.map((text) => (resetsOn === "" ? text : `${text}, anew on ${resetsOn}`)),
    ...(granted ? [`${granted} granted`] : []),
    ...(pooled ? [`${pooled} pooled`] : []),
  ].join(", ");
}

function describeTokens(tokens: RendercadIdentity["tokens"]): string {
  const [only, ...others] = tokens;
  if (!only) return "none of the list";
  if (others.length === 0) return `${only.name}, ${only.scope}`;
  const scopes = [...new Set(tokens.map(({ scope }) => scope))].sort();
  return `one of ${tokens.map(({ name }) => name).join(", ")}: ${scopes.join(" or ")}`;
}
