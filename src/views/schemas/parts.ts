import {
  anyOf,
  anything,
  exactly,
  listOf,
  mapOf,
  millis,
  number,
  object,
  oneOfWords,
  ref,
  text,
  yesOrNo,
  type Schema,
} from "./shapes.ts";

/* Shapes that several documents share, by their names in `$defs`. */

const where = object("A place in a file: 1-based line and column.", {
  file: text(),
  line: number(),
  column: number(),
});

const problem = object("What a person is told. docs/problems.md has an entry for each code.", {
  code: text("stable; what to branch on"),
  severity: oneOfWords(["error", "refusal", "warning", "note"]),
  message: text("one sentence that names the thing"),
  remedy: text("what to do now"),
  "where?": ref("where"),
  "address?": text("the resource that it is about"),
  "frame?": text("the lines of the file, with secrets masked"),
  "log?": listOf(text(), "last lines of a program that failed, oldest first"),
  "answer?": object("How a person may answer this refusal.", {
    flags: listOf(text(), "all of them, to put behind the command"),
    "block?": text("YAML for the file, instead of the flags"),
    "word?": text("what is typed under the plan"),
  }),
});

const shown = anyOf(
  [
    object(undefined, { show: exactly("public"), value: anything("the value") }),
    object(undefined, { show: exactly("secret"), fingerprint: text("four digits: equal or changed") }),
    object(undefined, { show: exactly("source"), text: text("where the value comes from") }),
    object(undefined, { show: exactly("absent") }),
  ],
  "A value: a public one as it is, a secret as a fingerprint.",
);

const verdictOfField = oneOfWords(
  ["file", "outside", "both", "unknown", "source"],
  "who moved: the file, somebody outside, both, nobody knows, or the source that the file names",
);

const fieldChange = object("A field, or one entry of it, that differs.", {
  field: text(),
  "entry?": text("as PORT of envVars"),
  before: ref("shown"),
  after: ref("shown"),
  verdict: verdictOfField,
  removed: yesOrNo("the entry is taken away"),
  forcesReplace: yesOrNo("another object takes the place of this one"),
  "asked?": exactly(true),
  "unreadable?": exactly(true),
  "unanswered?": exactly(true),
  "where?": ref("where"),
});

const entries = listOf(text());
const note = anyOf(
  [
    object(undefined, { note: oneOfWords(["not-in-file", "goes-for-good"]), field: text(), entries }),
    object(undefined, { note: exactly("remark"), text: text(), "detail?": text() }),
    object(undefined, {
      note: exactly("stays"),
      field: text(),
      before: ref("shown"),
      after: ref("shown"),
      verdict: oneOfWords(["outside", "both", "unknown"]),
      text: text(),
    }),
    object(undefined, {
      note: exactly("secret-changed"),
      field: text(),
      entry: text(),
      before: text("fingerprint"),
      after: text("fingerprint"),
    }),
    object(undefined, { note: exactly("needs-value"), field: text(), entry: text() }),
    object(undefined, {
      note: exactly("uncertain"),
      at: millis("when its creation was announced, since 1970"),
      "from?": millis("from when on it may be sent again, since 1970"),
    }),
    object(undefined, {
      note: oneOfWords(["cannot-verify", "cannot-compare"]),
      field: text(),
      "entry?": text(),
      reason: text(),
    }),
  ],
  "A fact that a plan tells, and does nothing about.",
);

const change = object("What becomes of one address.", {
  action: oneOfWords(["create", "update", "adopt", "replace", "delete", "forget", "keep"]),
  address: text("provider/kind/name"),
  kind: text("as render/service"),
  name: text(),
  "id?": text("of the live object; absent for a creation"),
  fields: listOf(ref("fieldChange")),
  recreates: yesOrNo("it was owned and is gone: this makes it again"),
  "outside?": oneOfWords(["gone", "added"], "what somebody did to the whole object"),
  converged: listOf(text(), "fields that live has already as the file asks"),
  "moved?": listOf(text(), "those of converged that somebody else made equal"),
  optional: listOf(ref("fieldChange"), "sync: false entries without a value: nothing is done for them"),
  "continues?": exactly(true),
  "where?": ref("where"),
  summary: text(),
  "losesData?": exactly(true),
  "exportedTo?": text("where its data is copied to before it goes"),
  "takesOver?": mapOf(number(), "entries of each field that come from the replaced object"),
  "rotation?": object("The replacement of something whose value is shown once.", {
    mode: oneOfWords(["begin", "continue", "again", "gap"]),
    because: text(),
  }),
  notes: listOf(ref("note")),
});

const stepBase = {
  id: text("the same in plan, progress and report"),
  address: text(),
  kind: text(),
  needs: listOf(text(), "steps that come before"),
};
const step = anyOf([
  object("One write.", {
    ...stepBase,
    step: exactly("write"),
    verb: oneOfWords(["create", "update", "aside", "delete", "deploy", "cancel", "job", "export"]),
    call: object("The call, without what it sends.", {
      method: oneOfWords(["POST", "PUT", "PATCH", "DELETE"]),
      path: text("an address in braces stands for its id"),
      budgets: listOf(text()),
    }),
    fields: listOf(text()),
    removed: listOf(text()),
    optional: yesOrNo("does nothing unless a sync: false value is given"),
    "carries?": listOf(text(), "addresses that the same call makes"),
    "takesEffectIn?": listOf(text(), "services whose next deploy it takes effect in"),
    "mayFail?": exactly(true),
  }),
  object("One wait.", {
    ...stepBase,
    step: exactly("wait"),
    for: oneOfWords(["ready", "live", "job", "delivered", "proven", "exported"]),
    until: text(),
    timeout: millis("the longest wait"),
  }),
  object("One note in the state.", {
    ...stepBase,
    step: exactly("record"),
    verb: oneOfWords(["adopt", "forget", "converge"]),
    fields: listOf(text()),
  }),
]);

const schedule = object("When things happen, counted from the start of the run.", {
  "reading?": object("The reads before the first step.", { calls: number(), time: millis("how long") }),
  waves: listOf(
    object("Steps that start in one window of a limit.", {
      start: millis("when"),
      steps: listOf(text()),
      "budget?": text("whose window opens then"),
    }),
  ),
  end: millis("when the run ends"),
  tightest: anyOf([text(), { type: "null" }], "the limit without which the run would end sooner"),
  calls: mapOf(number(), "calls by limit"),
  "gaps?": listOf(
    object("A time in which a resource is away.", {
      address: text(),
      start: millis("when"),
      time: millis("how long"),
    }),
  ),
});

const basis = object("What the plan was made of.", {
  label: text(),
  files: listOf(text()),
  "workspace?": object(undefined, { id: text(), "name?": text() }),
  "rendercadUser?": text("id of the RENDERCAD user"),
  inventory: object(undefined, { lineage: text(), serial: number() }),
});

const counts = object("Changes by sort.", {
  create: number(),
  update: number(),
  drifted: number("updates of which the file moved in nothing"),
  adopt: number(),
  replace: number(),
  delete: number(),
  unchanged: number(),
});

const reads = object(undefined, { resources: number(), calls: number() });

const answers = object("What answers all refusals together.", {
  flags: listOf(text()),
  "block?": text("YAML for the file, instead of the flags"),
  "word?": text("what is typed under the plan"),
  unanswerable: listOf(text(), "codes that only an edit answers"),
});

const result = object("What happened to a step.", {
  step: text(),
  status: oneOfWords(["done", "skipped", "failed", "uncertain", "blocked", "left"]),
  "problem?": ref("problem"),
  "by?": text("the failed step that it needed"),
});

/** All of them. */
export const parts: { readonly [name: string]: Schema } = {
  where,
  problem,
  shown,
  fieldChange,
  note,
  change,
  step,
  schedule,
  basis,
  counts,
  reads,
  answers,
  result,
};
