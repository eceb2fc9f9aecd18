import type { Documents } from "./documents-type.ts";
import { anyOf, anything, listOf, mapOf, moment, number, object, oneOfWords, orNull, ref, text, yesOrNo } from "./shapes.ts";

const steps = listOf(text());
const problems = listOf(ref("problem"));

const by = object("Who started a run.", { user: text(), host: text(), "url?": text("of the job in CI") });
const runRecord = object("What is kept of a run.", {
  run: text(),
  began: moment("when it began"),
  "ended?": moment("when it ended"),
  "by?": by,
  "commit?": text(),
  plan: text("hash of its plan"),
  verdict: oneOfWords(["done", "failed", "stopped", "interrupted", "unfinished"]),
  steps: listOf(
    object(undefined, {
      step: text(),
      status: oneOfWords(["done", "skipped", "failed", "uncertain", "blocked", "left"]),
      "code?": text("of the problem that it failed with"),
      "by?": text("the failed step that it needed"),
    }),
  ),
  isRunning: yesOrNo("it is at work now"),
});

const pending = anything("What a run began with the resource and did not finish. Its members may change.");
const resource = object("One owned resource.", {
  address: text(),
  "kind?": text(),
  "id?": text(),
  "name?": text(),
  "file?": orNull(text("the file that declared it last")),
  "protect?": yesOrNo("it is protected"),
  "needs?": listOf(text()),
  "fields?": mapOf(text(), "fingerprints of what was last applied"),
});

const holder = object("Who held the lock.", {
  user: text(),
  host: text(),
  pid: number(),
  since: moment("since when"),
  run: text(),
  "url?": text(),
});

const waitOfStep = anyOf([
  object(undefined, { for: oneOfWords(["steps"]), steps }),
  object(undefined, { for: oneOfWords(["budget"]), budget: text(), until: moment("until when") }),
  object(undefined, { for: oneOfWords(["nothing"]) }),
]);

/** Documents of `state` and `runs`. */
export const stateDocuments = {
  inventory: [
    "trueup state list",
    {
      place: text("where the state lies"),
      workspace: orNull(text()),
      serial: number(),
      resources: listOf(resource),
    },
  ],
  resource: ["trueup state show ADDRESS, adopt, forget and move", { resource, pending: orNull(pending) }],
  standing: [
    "trueup state show",
    {
      at: moment("now"),
      place: text(),
      unfinished: orNull(
        object("The approved plan that is not done.", {
          approved: object(undefined, { run: text(), at: moment("when"), by }),
          run: text("the last run that worked at it"),
          verdict: oneOfWords(["done", "failed", "stopped", "interrupted", "unfinished"]),
          isRunning: yesOrNo("it is at work now"),
          steps: number(),
          done: number(),
          left: listOf(
            object(undefined, {
              step: text(),
              address: text(),
              status: oneOfWords(["left", "failed", "uncertain"]),
              "code?": text(),
              wait: waitOfStep,
            }),
          ),
          next: orNull(object(undefined, { at: moment("when the next step can start"), "budget?": text() })),
          end: moment("when it would be done"),
          resume: text("the command that carries on"),
        }),
      ),
      pending: mapOf(pending, "by address"),
    },
  ],
  adopted: [
    "trueup state adopt --from-terraform",
    {
      adopted: listOf(object(undefined, { source: text(), address: text(), id: text() })),
      problems,
    },
  ],
  unlocked: ["trueup state unlock", { holder: orNull(holder) }],
  repaired: [
    "trueup state repair",
    {
      place: text(),
      repaired: listOf(
        object(undefined, {
          name: text("the damaged document"),
          aside: text("where its text is now"),
          "kept?": number("lines of the journal that stay"),
        }),
      ),
    },
  ],
  runs: ["trueup runs list", { place: text(), runs: listOf(runRecord) }],
  "run-record": ["trueup runs show", { run: runRecord }],
} satisfies Documents;
