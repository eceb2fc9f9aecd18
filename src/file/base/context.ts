import type { FileKind } from "../../core/model/file-kind.ts";
import type { SchemaChecker } from "./check-schema.ts";
import type { Tell } from "./remark.ts";
import type { Secrecy } from "./secrecy.ts";
import type { Place } from "./source.ts";

/** What the functions need that read one file. `tell` takes the problems that they find. */
export type FileContext = {
  readonly kinds: readonly FileKind[];
  /** ISO date of today. Consents in the file have a last day. */
  readonly today: string;
  readonly secrecy: Secrecy;
  readonly checker: SchemaChecker;
  readonly tell: Tell;
  /** Warns of a key that Blueprints do not have, where Render may be syncing from the file. */
  readonly tellOurs: (place: Place, key: string) => void;
  /** The file has the name of a Blueprint, so what Blueprints do with it is worth a word. */
  readonly isBlueprint: boolean;
};

/** What the functions need that read one block. */
export type BlockContext = FileContext & {
  /** The name of the block in messages: "The web service api". */
  readonly subject: string;
  /**
   * Whether the block is an env group. Its values cannot refer to databases and services, since Render refuses that
   * (Render's Blueprint schema).
   */
  readonly inGroup: boolean;
  /** The field for links to groups, which stand among the variables of the block. */
  readonly links: string | undefined;
};

/** The context of a block of the file. */
export function forBlock(context: FileContext, subject: string, kind?: FileKind): BlockContext {
  // Spelled out, because a file can have a hundred thousand blocks and spreading costs ten times as much.
  const { kinds, today, secrecy, checker, tell, tellOurs, isBlueprint } = context;
  const inGroup = kind?.takesNoReferences === true;
  return {
    kinds,
    today,
    secrecy,
    checker,
    tell,
    tellOurs,
    isBlueprint,
    subject,
    inGroup,
    links: kind?.links,
  };
}

/** The name of a block inside a sentence: "the web service api". */
export function inSentence(subject: string): string {
  return subject.replace(/^The /, "the ");
}

/** Names of files that Render's editors and catalogues take for a Blueprint, in any folder. */
const blueprintName = /render\.ya?ml$/i;

/** What the name of a file says about Blueprints: whether it is one, and `tellOurs`, which warns in that case only. */
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
