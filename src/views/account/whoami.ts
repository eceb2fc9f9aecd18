import type { Problem } from "../../core/base/problem.ts";
import { verdictOfProblems } from "../../core/planning/verdict.ts";
import { printDocument } from "../json/document.ts";
import { wrapText } from "../base/layout.ts";
import { rendercadRows, type RendercadIdentity } from "./rendercad-identity.ts";
import { printRows, type Row } from "../base/rows.ts";
import { openCanvas, type Canvas, type Screen } from "../base/screen.ts";

/**
 * Whose accounts the credentials belong to, for each account that there are credentials for. `problems`: why it could
 * not be found out.
 */
export type Identity = {
  readonly render?: RenderIdentity | Unknown;
  readonly rendercad?: RendercadIdentity | Unknown;
};

type Unknown = { readonly problems: readonly Problem[] };

/** What Render says about the owner of the API key. */
export type RenderIdentity = {
  readonly user: { readonly name: string; readonly email: string };
  /** All workspaces that the key reaches, by name. */
  readonly workspaces: readonly { readonly id: string; readonly name: string; readonly type: string }[];
  /** The workspace that a command would work on, or why that cannot be told. */
  readonly workspace: { readonly id: string; readonly name?: string } | Unknown;
};

/** The answer of `whoami` for people. */
export function renderIdentity({ render, rendercad }: Identity, screen: Screen): string {
  const canvas = openCanvas(screen);
  const parts = [
    ...(render
      ? [isUnknown(render) ? unknownPart("Render", render, canvas) : renderPart(render, canvas)]
      : []),
    ...(rendercad
      ? [
          isUnknown(rendercad)
            ? unknownPart("RENDERCAD", rendercad, canvas)
            : rendercadPart(rendercad, canvas),
        ]
      : []),
  ];
  return `${parts.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/** The answer of `whoami` as the document of `--json`. */
export function renderIdentityJson(identity: Identity): string {
  const { render = null, rendercad = null } = identity;
  return printDocument("whoami", verdictOfProblems(problemsOfIdentity(identity)), { render, rendercad });
}

/** The problems of the accounts that could not be asked although there are credentials for them. */
export function problemsOfIdentity({ render, rendercad }: Identity): readonly Problem[] {
  return [render, rendercad].flatMap((side) => (side && isUnknown(side) ? side.problems : []));
}

function isUnknown(side: RenderIdentity | RendercadIdentity | Unknown): side is Unknown {
  return "problems" in side;
}

function renderPart({ user, workspaces, workspace }: RenderIdentity, canvas: Canvas): readonly string[] {
  const chosen = isWorkspaceKnown(workspace) ? workspace.id : undefined;
  const rows = workspaces.map(({ id, name, type }): Row => ({
    indent: 2,
    mark: [id === chosen ? ">" : " ", canvas.ink.cyan],
    label: canvas.text(name),
    words: () => [[[canvas.text(`${id}  ${type}`), canvas.ink.dim]]],
  }));
  const found = isWorkspaceKnown(workspace) ? [] : ["", ...problemLines(workspace, canvas)];
  const who = user.name === "" ? user.email : `${user.name} <${user.email}>`;
  return [heading("Render", who, canvas), ...printRows(rows, canvas.columns), ...found];
}

function rendercadPart(identity: RendercadIdentity, canvas: Canvas): readonly string[] {
  const rows = printRows(rendercadRows(identity, canvas), canvas.columns);
  return [heading("RENDERCAD", identity.email, canvas), ...rows];
}

function unknownPart(side: string, unknown: Unknown, canvas: Canvas): readonly string[] {
  return [heading(side, "", canvas), ...problemLines(unknown, canvas)];
}

function heading(side: string, who: string, canvas: Canvas): string {
  return canvas.ink.bold(canvas.text(who === "" ? side : `${side}: ${who}`));
}

function isWorkspaceKnown(
  workspace: RenderIdentity["workspace"],
): workspace is Exclude<RenderIdentity["workspace"], Unknown> {
  return "id" in workspace;
}

function problemLines({ problems }: Unknown, { ink, text, columns }: Canvas): readonly string[] {
  return problems.flatMap(({ message, remedy }) => [
    ...wrapText(text(message), columns).map((line) => ink.yellow(line)),
    ...wrapText(text(remedy), columns),
  ]);
}
