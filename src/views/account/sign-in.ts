import type { DeviceCode } from "../../core/protocol/device-code.ts";
import type { Millis } from "../../core/model/budget.ts";
import type { Problem } from "../../core/base/problem.ts";
import { describeDuration } from "../base/duration.ts";
import { printJsonLine } from "../base/json.ts";
import { printDocument } from "../json/document.ts";
import { wrapText } from "../base/layout.ts";
import { openCanvas, type Canvas, type Paint, type Screen } from "../base/screen.ts";

/**
 * What happens with the link of a sign-in: trueup opens it, the person opens it, or the person opens it and is warned
 * because it leads to another host.
 */
export type DeviceLink = "opens" | "to open" | "elsewhere";

type Kept = "file" | "key ring";

/** How a `login` ended. */
export type SignInReport = {
  readonly host: string;
  /** Path of the file that remembers the sign-in. The token itself lies in it or in the key ring. */
  readonly place: string;
  readonly keptIn: Kept;
  /** False where a token was kept already and still works, so that there was nothing to do. */
  readonly isNew: boolean;
  /** The account of the token; both are empty where RENDERCAD could not be asked. */
  readonly email: string;
  readonly plan: string;
  /** RENDERCAD_API_TOKEN is set, and commands use it and not the sign-in. */
  readonly variableWins: boolean;
  /** Why it is not known whose token it is. */
  readonly unchecked?: Problem;
};

/** How a `logout` ended. */
export type SignOutReport = {
  readonly host: string;
  readonly variableWins: boolean;
  /** The sign-in that ended; absent where there was none. */
  readonly signIn?: { readonly email: string; readonly signedInAt: string; readonly keptIn: Kept };
  /** The key ring could not be reached, so the token is still in it. */
  readonly isLeftInRing?: boolean;
};

/**
 * What a person has to do to sign in, for the terminal. The link stands on a line of its own and is never cut, so
 * that it can be copied.
 */
export function renderDeviceCode(
  device: DeviceCode,
  link: DeviceLink,
  { now, screen }: { readonly now: Millis; readonly screen: Screen },
): string {
  const canvas = openCanvas(screen);
  const { ink, text } = canvas;
  const asked =
    link === "opens"
      ? "Your browser opens RENDERCAD's page to sign in. If it does not, open it yourself:"
      : "To sign in to RENDERCAD, open this page in a browser:";
  const lasts = describeDuration(device.expiresAt - now);
  const warned =
    link === "elsewhere"
      ? [
          "",
          ...paragraph(
            "This link leads to another place than RENDERCAD_HOST: look twice before you open it.",
            canvas,
            ink.yellow,
          ),
        ]
      : [];
  return `${[
    ...paragraph(asked, canvas),
    "",
    `  ${ink.cyan(text(device.url))}`,
    ...warned,
    "",
    ...paragraph(
      `Its code is ${text(device.code)}, good for ${lasts}. Waiting for you to sign in there; Ctrl-C gives up.`,
      canvas,
    ),
    "",
  ].join("\n")}\n`;
}

/** The same for `--events`: one line of JSON, like the events of a run. */
export function renderDeviceCodeEvent({ code, url, expiresAt }: DeviceCode): string {
  return printJsonLine({ event: "device-code", code, url, expiresAt: new Date(expiresAt).toISOString() });
}

/** How a `login` ended, for people. */
export function renderSignIn(report: SignInReport, screen: Screen): string {
  const canvas = openCanvas(screen);
  const { ink, text } = canvas;
  const { email, plan, isNew, keptIn, place, variableWins, unchecked } = report;
  const who = `${email === "" ? "" : ` as ${email}`}${plan === "" ? "" : `, plan ${plan}`}`;
  const kept =
    keptIn === "file"
      ? `The token is kept in ${place}, which only you can read.`
      : "The token is kept in the key ring of this system.";
  return `${[
    ink.bold(text(`${isNew ? "Signed in" : "Signed in already"} to RENDERCAD${who}.`)),
    ...paragraph(text(kept), canvas),
    ...(isNew ? [] : paragraph("trueup login rendercad --again makes a new one.", canvas)),
    ...(unchecked
      ? paragraph(text(`It could not be checked. ${unchecked.message}`), canvas, ink.yellow)
      : []),
    ...(variableWins ? paragraph(winningVariable, canvas, ink.yellow) : []),
  ].join("\n")}\n`;
}

/** How a `login` ended, as the document of `--json`. */
export function renderSignInJson({ variableWins, unchecked, ...report }: SignInReport): string {
  const problems = unchecked ? [unchecked] : [];
  return printDocument("sign-in", "done", { ...report, uses: usesOf(variableWins), problems });
}

/** How a `logout` ended, for people. */
export function renderSignOut({ signIn, variableWins, isLeftInRing }: SignOutReport, screen: Screen): string {
  const canvas = openCanvas(screen);
  const { ink, text } = canvas;
  const told = signIn
    ? [
        ink.bold(text(`Signed out of RENDERCAD${signIn.email === "" ? "" : `: ${signIn.email}`}.`)),
        ...paragraph(
          text(
            `The token is no longer on this machine, and it stays valid until you revoke it: RENDERCAD, Settings > API Tokens, the one made at ${signIn.signedInAt}.`,
          ),
          canvas,
        ),
      ]
    : ["Nobody was signed in to RENDERCAD from this machine."];
  const left = isLeftInRing
    ? paragraph("The key ring could not be reached: delete its entry trueup by hand.", canvas, ink.yellow)
    : [];
  return `${[...told, ...left, ...(variableWins ? paragraph(variableStays, canvas, ink.yellow) : [])].join("\n")}\n`;
}

/** How a `logout` ended, as the document of `--json`. */
export function renderSignOutJson({ variableWins, signIn, ...report }: SignOutReport): string {
  return printDocument("sign-out", "done", {
    ...report,
    signedOut: signIn !== undefined,
    ...signIn,
    uses: variableWins ? usesOf(true) : null,
  });
}

const winningVariable = "RENDERCAD_API_TOKEN is set and wins over it: unset it to use this sign-in.";
const variableStays = "RENDERCAD_API_TOKEN is set, so commands go on with that token.";

function usesOf(variableWins: boolean): string {
  return variableWins ? "RENDERCAD_API_TOKEN" : "sign-in";
}

function paragraph(text: string, canvas: Canvas, paint: Paint = (line) => line): readonly string[] {
  return wrapText(text, canvas.columns).map((line) => paint(line));
}
