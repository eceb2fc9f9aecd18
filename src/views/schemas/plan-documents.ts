import type { Documents } from "./documents-type.ts";
import { exactly, listOf, mapOf, millis, number, object, oneOfWords, ref, text, yesOrNo } from "./shapes.ts";

const problems = listOf(ref("problem"));

const planMembers = {
  basis: ref("basis"),
  hash: text("of the work: what apply checks a saved plan by"),
  changes: listOf(ref("change")),
  steps: listOf(ref("step"), "in an order in which they can be done"),
  refusals: problems,
  problems,
  schedule: ref("schedule"),
  reads: ref("reads"),
  counts: ref("counts"),
  pending: yesOrNo("applying would do something"),
  "answers?": ref("answers"),
};

const steps = listOf(text());
const rehearsal = object("The plan done to a simulated account.", {
  verdict: oneOfWords(["converges", "does-not-converge", "fails", "refused"]),
  writes: number(),
  calls: mapOf(number(), "calls by limit, reads included"),
  took: millis("how long it would take"),
  left: listOf(text(), "steps that a second plan would still do"),
  differs: listOf(text(), "steps that only one of the two plans has"),
  problems,
  "crashes?": object("The rehearsed run killed at every point.", {
    points: number(),
    wrong: listOf(object(undefined, { point: number(), left: steps, why: text() })),
  }),
});

const cost = object("Cents; low and high differ where no file says what decides.", {
  low: number(),
  high: number(),
  unknown: number("charges whose price is not known"),
});

/** Documents of commands that plan, run, or look at a file. */
export const planDocuments = {
  plan: ["trueup plan", { ...planMembers, "rehearsal?": rehearsal }],
  run: [
    "trueup apply, destroy and rotate",
    {
      run: text("its name, for runs show"),
      plan: object(undefined, planMembers),
      results: listOf(ref("result")),
      problems,
      took: millis("how long it took"),
      "ungiven?": listOf(
        object("sync: false values that nobody gave.", { address: text(), entries: listOf(text()) }),
      ),
    },
  ],
  drift: [
    "trueup drift",
    {
      basis: ref("basis"),
      reads: ref("reads"),
      drifted: listOf(
        object(undefined, {
          address: text(),
          verdict: oneOfWords(["changed", "conflict", "converged", "gone"]),
          change: ref("change"),
        }),
      ),
      drift: yesOrNo("there is drift that is an alarm"),
      pending: listOf(text(), "addresses of which only the file moved"),
      renewed: listOf(text(), "addresses where only a value that the file takes from elsewhere is another one than last applied"),
      unchanged: number(),
      "accepted?": listOf(text(), "what --accept agreed to"),
      problems,
      "critical?": yesOrNo("all or most of what is owned is gone"),
    },
  ],
  validation: [
    "trueup validate",
    {
      files: listOf(text()),
      valid: yesOrNo("there is no error"),
      problems,
      resources: listOf(object(undefined, { address: text(), where: ref("where") })),
      notManaged: listOf(object(undefined, { address: text(), reason: text() })),
    },
  ],
  export: [
    "trueup export",
    {
      text: text("the file"),
      others: listOf(text(), "what does not go into one file"),
      public: listOf(text(), "variables that --literals may name"),
      accounts: object(undefined, {
        "workspace?": object(undefined, { id: text(), "name?": text() }),
        "rendercadUser?": text(),
      }),
      resources: listOf(text(), "addresses"),
      reads: ref("reads"),
      problems,
    },
  ],
  init: ["trueup init", { file: text("what was written"), resources: listOf(text()), problems }],
  cost: [
    "trueup cost",
    {
      currency: exactly("USD"),
      files: listOf(text()),
      priceList: text("date of the price list"),
      resources: listOf(
        object("What one resource costs a month, in cents.", {
          address: text(),
          cost,
          charges: listOf(
            object(undefined, {
              item: text(),
              "low?": number(),
              "high?": number(),
              "because?": oneOfWords(["use", "scaling", "list"]),
              "unknown?": exactly(true),
            }),
          ),
        }),
      ),
      total: cost,
      problems,
    },
  ],
  graph: [
    "trueup graph",
    {
      nodes: listOf(object(undefined, { id: text(), label: text(), mark: text("what is done to it") })),
      edges: listOf(object("from needs to.", { from: text(), to: text() })),
    },
  ],
  problems: ["any command that could not begin", { problems }],
} satisfies Documents;
