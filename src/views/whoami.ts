import type { Problem } from "../core/problem.ts";
import { printJson } from "./json.ts";
import { printRows, type Row } from "./rows.ts";
import { openCanvas, type Screen } from "./screen.ts";

export type Identity = {
  readonly user: { readonly name: string; readonly email: string };
  /** Everything the key reaches, by name. */
  readonly workspaces: readonly { readonly id: string; readonly name: string; readonly type: string }[];
  /** The one that a command would work on, or why none can be told. */
  readonly workspace:
    | { readonly id: string; readonly name?: string }
    | { readonly problems: readonly Problem[] };
};

export function renderIdentity({ user, workspaces, workspace }: Identity, screen: Screen): string {
  const canvas = openCanvas(screen);
  const chosen = "id" in workspace ? workspace.id : undefined;
  const rows = workspaces.map(({ id, name, type }): Row => ({
    indent: 2,
    mark: [id === chosen ? ">" : " ", canvas.ink.cyan],
    label: canvas.text(name),
    words: () => [[[canvas.text(`${id}  ${type}`), canvas.ink.dim]]],
  }));
  const found =
    "id" in workspace
      ? []
      : workspace.problems.flatMap(({ message, remedy }) => [
          "",
          canvas.ink.yellow(canvas.text(message)),
          canvas.text(remedy),
        ]);
  const who = canvas.text(user.name === "" ? user.email : `${user.name} <${user.email}>`);
  return `${[canvas.ink.bold(who), ...printRows(rows, canvas.columns), ...found].join("\n")}\n`;
}

export function renderIdentityJson(identity: Identity): string {
  return printJson({ formatVersion: "1.0", render: identity });
}
