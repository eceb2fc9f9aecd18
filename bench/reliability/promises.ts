/** A promise of the program under failure, and the tests that hold it: files below `test/`, each with the start of a test's name. */
export type Promised = {
  readonly promise: string;
  readonly shown: readonly (readonly [file: string, test: string])[];
};

export const promises: readonly Promised[] = [
  {
    promise:
      "Nothing twice: an intent is on disk before its call is sent, and the next run settles each open one",
    shown: [
      ["crash/kill.test.ts", "the real process, killed without warning on its way to"],
      ["crash/uncertain.test.ts", "is not sent a second time: its step is uncertain"],
    ],
  },
  {
    promise:
      "Nothing taken for gone: a listing is complete or an error, and absence is asked for by id or name",
    shown: [
      ["plan/reads.test.ts", "absent names are confirmed fifty at a time"],
      ["plan/everything-gone.test.ts", "an empty list is asked for once more before anything is made"],
    ],
  },
  {
    promise: "The same for entries: what nobody declared is never lost to a short page",
    shown: [["apply/short-lists.test.ts", "keeps sixty variables of somebody's when pages hold twenty"]],
  },
  {
    promise: "Guards cannot be loosened by the edit that they judge",
    shown: [["plan/guards-kept.test.ts", "nor by leaving the line out: what was said before holds on"]],
  },
  {
    promise: "Nothing lost: a value that is shown once is delivered and proven before the old one goes",
    shown: [
      ["rendercad/rotation.test.ts", "delivers the new value, and takes the old one away last"],
      [
        "rendercad/delivered.test.ts",
        "the former token is not revoked when the new value is no longer where it was delivered",
      ],
    ],
  },
  {
    promise: "Nothing surprising: only what is owned is deleted, and what ends data asks first",
    shown: [
      ["files/owners.test.ts", "another file under the same label leaves what the first declared"],
      ["plan/consent.test.ts", "is refused under --yes, with a saved plan and where nobody can be asked"],
    ],
  },
  {
    promise: "Nothing leaks: no secret in plan, state, log, report, argv or temporary file",
    shown: [
      ["canary/canary.test.ts", "the same search finds a secret that is planted in any of these places"],
      [
        "canary/shown-once.test.ts",
        "what RENDERCAD shows once is in the variables that take it, and in no other byte",
      ],
    ],
  },
  {
    promise: "A plan cannot write: it sends GET and nothing else, whatever goes wrong",
    shown: [["plan/reads.test.ts", "a plan sends GET and nothing else"]],
  },
  {
    promise: "Names, values and texts from outside are data",
    shown: [["views/base/escape.test.ts", "leaves nothing that steers a terminal, hides, or breaks a line"]],
  },
];
