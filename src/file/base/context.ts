import type { FileKind } from "../../core/model/file-kind.ts";
import type { SchemaChecker } from "./check-schema.ts";
import type { Tell } from "./remark.ts";
import type { Secrecy } from "./secrecy.ts";
import type { Place } from "./source.ts";

/** What reading one file needs from around it. */
export type FileContext = {
  readonly kinds: readonly FileKind[];
  /** ISO date: consents in the file expire. */
  readonly today: string;
  readonly secrecy: Secrecy;
  readonly checker: SchemaChecker;
  readonly tell: Tell;
  /** A key that Blueprints do not have: warns in a file that Render may be syncing from. */
  readonly tellOurs: (place: Place, key: string) => void;
  /** The file has the name of a Blueprint, so what Blueprints do with it is worth a word. */
  readonly isBlueprint: boolean;
};

export type BlockContext = FileContext & {
  /** For messages: "The web service api". */
  readonly owner: string;
  /** Groups hold no references to databases and services: Render refuses them (Render's Blueprint schema). */
  readonly inGroup: boolean;
  /** The field that links among the block's variables are kept in. */
  readonly links: string | undefined;
};

export function forBlock(context: FileContext, owner: string, kind?: FileKind): BlockContext {
  // Spelled out, because a file can have a hundred thousand blocks and spreading costs ten times as much.
  const { kinds, today, secrecy, checker, tell, tellOurs, isBlueprint } = context;
  const inGroup = kind?.takesNoReferences === true;
  return { kinds, today, secrecy, checker, tell, tellOurs, isBlueprint, owner, inGroup, links: kind?.links };
}

/** "The web service api" in the middle of a sentence. */
export function inSentence(owner: string): string {
  return owner.replace(/^The /, "the ");
}

/** Render's editors and catalogues know a Blueprint by this ending, in any folder. */
const blueprintName = /render\.ya?ml$/i;

export function aboutBlueprint(file: string, tell: Tell): Pick<FileContext, "tellOurs" | "isBlueprint"> {
  if (!blueprintName.test(file)) return { tellOurs: () => undefined, isBlueprint: false };
  const tellOurs: FileContext["tellOurs"] = (place, key) => {
    tell({
      code: "extension-in-blueprint",
      severity: "warning",
      message: `\`${key}\` is known to trueup only; a Blueprint connected to ${file} would stop syncing.`,
      remedy: "Rename the file to trueup.yaml, or disconnect the Blueprint.",
      place,
      fold: "extension-in-blueprint",
    });
  };
  return { tellOurs, isBlueprint: true };
}
