import type { Documents } from "./documents-type.ts";
import { anyOf, listOf, mapOf, millis, moment, number, object, oneOfWords, orNull, ref, text, yesOrNo } from "./shapes.ts";

const problems = listOf(ref("problem"));

const unknownSide = object("Why it could not be found out.", { problems });
/** Documents of everything else. */
export const accountDocuments = {
  limits: [
    "trueup limits",
    {
      at: moment("when they were looked at"),
      limits: listOf(
        object(undefined, {
          budget: text(),
          size: number("calls that are allowed in a window"),
          per: millis("length of a window"),
          used: orNull(number()),
          resetsAt: orNull(moment("when the window ends")),
          reserved: number("left to others by settings.reserve"),
          from: oneOfWords(["answer", "ledger", "table"]),
        }),
      ),
    },
  ],
  doctor: [
    "trueup doctor",
    {
      checks: listOf(
        object(undefined, {
          name: text(),
          verdict: oneOfWords(["fine", "warning", "failed"]),
          says: text(),
          "remedy?": text(),
        }),
      ),
    },
  ],
  whoami: [
    "trueup whoami",
    {
      render: orNull(
        anyOf([
          object(undefined, {
            user: object(undefined, { name: text(), email: text() }),
            workspaces: listOf(object(undefined, { id: text(), name: text(), type: text() })),
            workspace: anyOf([
              object(undefined, { id: text(), "name?": text(), "type?": text() }),
              unknownSide,
            ]),
          }),
          unknownSide,
        ]),
      ),
      rendercad: orNull(
        anyOf([
          object(undefined, {
            host: text(),
            email: text(),
            plan: text(),
            status: text(),
            credits: object(undefined, {
              limit: orNull({ type: "number" }),
              used: orNull({ type: "number" }),
              remaining: orNull({ type: "number" }),
              granted: orNull({ type: "number" }),
              pooled: orNull({ type: "number" }),
              resetsOn: text(),
            }),
            pendingRenders: orNull({ type: "number" }),
            tokens: listOf(object(undefined, { name: text(), scope: text() })),
            from: oneOfWords(["RENDERCAD_API_TOKEN", "sign-in"]),
            hasUnusedSignIn: yesOrNo("a sign-in is kept, and the variable wins over it"),
          }),
          unknownSide,
        ]),
      ),
    },
  ],
  "sign-in": [
    "trueup login",
    {
      host: text(),
      place: text("the file that remembers the sign-in"),
      keptIn: oneOfWords(["file", "key ring"]),
      isNew: yesOrNo("false where the one that was kept works"),
      email: text(),
      plan: text(),
      uses: oneOfWords(["RENDERCAD_API_TOKEN", "sign-in"]),
      problems,
    },
  ],
  "sign-out": [
    "trueup logout",
    {
      host: text(),
      signedOut: yesOrNo("somebody was signed in"),
      "email?": text(),
      "signedInAt?": text(),
      "keptIn?": oneOfWords(["file", "key ring"]),
      "isLeftInRing?": yesOrNo("the key ring could not be reached"),
      uses: orNull(oneOfWords(["RENDERCAD_API_TOKEN"])),
    },
  ],
  signature: [
    "trueup hooks verify",
    {
      side: oneOfWords(["render", "rendercad"]),
      signature: oneOfWords(["valid", "stale", "mismatch", "malformed"]),
      valid: yesOrNo("the signature is valid"),
      bytes: number("length of the body"),
      "signedAt?": moment("when it was signed"),
      "problem?": text("what is malformed"),
      "finalNewline?": yesOrNo("it fits without the newline at the end"),
    },
  ],
  version: ["trueup version", { version: text(), node: text(), platform: text() }],
  simulator: [
    "trueup sim",
    { render: text(), rendercad: text(), control: text(), env: mapOf(text(), "variables for a command") },
  ],
  coverage: [
    "trueup sim --coverage",
    {
      operations: listOf(
        object(undefined, {
          api: oneOfWords(["render", "rendercad"]),
          method: text(),
          path: text(),
          source: oneOfWords(["recorded", "described", "documented", "absent"]),
        }),
      ),
    },
  ],
} satisfies Documents;
