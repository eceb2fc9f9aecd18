/** A fault that somebody made on purpose once, and that no test noticed then. `from` stands once in the file. */
export type NamedFault = {
  readonly name: string;
  readonly file: string;
  /** The test file that notices it. */
  readonly heldBy: string;
  readonly from: string;
  readonly to: string;
};

/** Each has a test that fails with it: `npm run mutants -- --named`. */
export const namedFaults: readonly NamedFault[] = [
  {
    name: "what stood there before a creation was sent is matched with it",
    file: "src/engine/match/match-live.ts",
    heldBy: "test/crash/uncertain.test.ts",
    from: " && !lookalikes.includes(one.id)",
    to: "",
  },
  {
    name: "the same for what the file no longer declares",
    file: "src/engine/match/match-lost.ts",
    heldBy: "test/crash/uncertain.test.ts",
    from: " &&\n          !lookalikes.includes(one.id)",
    to: "",
  },
  {
    name: "the same when it is looked for in the run that lost the answer",
    file: "src/engine/memory/creation-memory.ts",
    heldBy: "test/crash/uncertain.test.ts",
    from: "return new Set([...earlier, ...(this.#lookalikes.get(address) ?? [])]);",
    to: "return new Set();",
  },
  {
    name: "a namesake counts as ours without a lost creation",
    file: "src/engine/match/match-live.ts",
    heldBy: "test/apply/not-ours.test.ts",
    from: "maker !== undefined && input.inventory.pending?.[maker]?.creation !== undefined",
    to: "maker !== undefined",
  },
  {
    name: "a delivery is never found missing",
    file: "src/engine/rotation/deliver-value.ts",
    heldBy: "test/rendercad/delivered.test.ts",
    from: "!live || digestOf(input.key, place, live) !== digest",
    to: "false",
  },
  {
    name: "paths of a build filter that the file does not name are wiped",
    file: "src/providers/render/service/mapping.ts",
    heldBy: "test/apply/not-ours.test.ts",
    from: 'wanted["paths"] ?? before["paths"] ?? null',
    to: 'wanted["paths"] ?? null',
  },
  {
    name: "ignored paths of a build filter that the file does not name are wiped",
    file: "src/providers/render/service/mapping.ts",
    heldBy: "test/apply/not-ours.test.ts",
    from: 'wanted["ignoredPaths"] ?? before["ignoredPaths"] ?? null',
    to: 'wanted["ignoredPaths"] ?? null',
  },
  {
    name: "--allow-data-loss of one address answers another's end of data",
    file: "src/core/consent/consent.ts",
    heldBy: "test/core/consent/consent.test.ts",
    from: "facts.overrides.allowDataLoss.includes(address)",
    to: "facts.overrides.allowDataLoss.length > 0",
  },
  {
    name: "an entry of `removed` answers another address's end of data",
    file: "src/core/consent/consent.ts",
    heldBy: "test/core/consent/consent.test.ts",
    from: "one.address === address && one.until >= today",
    to: "one.until >= today",
  },
  {
    name: "an entry of `removed` answers after its day",
    file: "src/core/consent/consent.ts",
    heldBy: "test/core/consent/consent.test.ts",
    from: "one.address === address && one.until >= today",
    to: "one.address === address",
  },
  {
    name: "a refusal that was answered for one address stands answered for another when the run is carried on",
    file: "src/core/planning/approval.ts",
    heldBy: "test/core/consent/consent.test.ts",
    from: "one.code === code && one.address === address",
    to: "one.code === code",
  },
  {
    name: "402 does not halt the run",
    file: "src/engine/run/execute.ts",
    heldBy: "test/engine/run/execute.test.ts",
    from: "error.status === 401 || error.status === 402",
    to: "error.status === 401",
  },
  {
    name: "a step that is interrupted after its call notes no outcome",
    file: "src/engine/run/execute.ts",
    heldBy: "test/engine/run/execute.test.ts",
    from: 'await this.#appendIfPossible(outcomeOf(this.#input, step, outcome("interrupted")));',
    to: ";",
  },
  {
    name: "calls that no answer told of are dropped at the end of a window",
    file: "src/http/bucket.ts",
    heldBy: "test/http/bucket.test.ts",
    from: "bucket.untold.filter((ended) => ended >= boundary)",
    to: "[]",
  },
  {
    name: "a lock holder that beat does not get its file back",
    file: "src/store/file/file-lock.ts",
    heldBy: "test/store/file/file-lock.test.ts",
    from: "if (!isGoing) await link(aside, path).catch(() => undefined);",
    to: "",
  },
  {
    name: "a staged file of the holder before is left to be renamed",
    file: "src/store/file/file-store.ts",
    heldBy: "test/store/file/file-store.test.ts",
    from: "      await sweepStaged(partition);\n",
    to: "",
  },
  {
    name: "a preview is matched",
    file: "src/providers/render/service/list.ts",
    heldBy: "test/apply/not-ours.test.ts",
    from: ' && (pick(item, "serviceDetails.parentServer") ?? null) === null',
    to: "",
  },
  {
    name: "exactly half counts as more than half",
    file: "src/core/guards/refuse-deletes.ts",
    heldBy: "test/core/guards/refuse-deletes.test.ts",
    from: "going.length * 2 > wholes",
    to: "going.length * 2 >= wholes",
  },
  {
    name: "exactly maxDeleteShare counts as more",
    file: "src/core/guards/refuse-deletes.ts",
    heldBy: "test/core/guards/refuse-deletes.test.ts",
    from: "deleting.length / owned > settings.maxDeleteShare",
    to: "deleting.length / owned >= settings.maxDeleteShare",
  },
  {
    name: "the share is judged from one address fewer on",
    file: "src/core/guards/refuse-deletes.ts",
    heldBy: "test/core/guards/refuse-deletes.test.ts",
    from: "owned > mostWithoutShare",
    to: "owned >= mostWithoutShare",
  },
  {
    name: "the half is judged from one resource more on",
    file: "src/core/guards/refuse-deletes.ts",
    heldBy: "test/core/guards/refuse-deletes.test.ts",
    from: "wholes >= leastForHalf",
    to: "wholes > leastForHalf",
  },
  {
    name: "a resource is deleted before what refers to it",
    file: "src/core/steps/connect-steps.ts",
    heldBy: "test/plan/deletions.test.ts",
    from: "return pairUp(holdDeletions(input, chains, tied));",
    to: "return pairUp(tied);",
  },
  {
    name: "a field is written while what cannot go with its value still stands there",
    file: "src/core/steps/connect-steps.ts",
    heldBy: "test/plan/deletions.test.ts",
    from: 'return guest.steps.filter((one) => one.step === "write" && one.verb === "delete").map((one) => one.id);',
    to: "return [];",
  },
  {
    name: "what takes the place of a deleted one is made before that went",
    file: "src/core/steps/connect-steps.ts",
    heldBy: "test/plan/deletions.test.ts",
    from: "return [...deletions, ...twins].map((one) => one.id);",
    to: "return twins.map((one) => one.id);",
  },
];
