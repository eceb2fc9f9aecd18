import { isObject } from "../../core/base/json.ts";

/**
 * Checks whether a document of the state is what its type says, member by member. A file may have been cut off, merged by hand or
 * written by another program, and all code after this check trusts the types. Members that are not named here are accepted: a
 * newer trueup may add some without a new version of the format.
 */
type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isNumber: Check = (value) => typeof value === "number" && Number.isFinite(value);
const isFlag: Check = (value) => typeof value === "boolean";
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const mapOf =
  (check: Check): Check =>
  (value) =>
    isObject(value) && Object.values(value).every(check);
const either =
  (...checks: readonly Check[]): Check =>
  (value) =>
    checks.some((check) => check(value));
const isNull: Check = (value) => value === null;

/** An object with these members. A `?` at the end of a name means that the member may be absent. */
const shape = (members: { readonly [name: string]: Check }): Check => {
  const parts = Object.entries(members).map(([name, check]) => ({
    name: name.replace(/\?$/u, ""),
    check,
    isOptional: name.endsWith("?"),
  }));
  return (value) =>
    isObject(value) &&
    parts.every(({ name, check, isOptional }) =>
      Object.hasOwn(value, name) ? check(value[name]) : isOptional,
    );
};

const isKindName: Check = (value) => typeof value === "string" && /^[a-z]+\/[a-z-]+$/u.test(value);
/** An address has three segments with slashes between them, each percent-encoded: `render/service/api`. */
const isAddress: Check = (value) =>
  typeof value === "string" &&
  /^[a-z]+\/[a-z-]+\/(?:[^/%]|%[0-9A-Fa-f]{2})+$/u.test(value) &&
  isDecodable(value);
const underAddresses =
  (check: Check): Check =>
  (value) =>
    mapOf(check)(value) && Object.keys(value as object).every((address) => isAddress(address));

/** Addresses with what is owned under each; the kind of each object has to be the one in its address. */
const ownedByAddress: Check = (value) =>
  underAddresses(isOwned)(value) &&
  Object.entries(value as { readonly [address: string]: { readonly kind: string } }).every(
    ([address, { kind }]) => address.startsWith(`${kind}/`),
  );

const isFileRecords = mapOf(
  shape({
    path: isText,
    with: listOf(isText),
    "repository?": isText,
    "beside?": isText,
    "renamedTo?": isText,
    "commit?": shape({ id: isText, at: isText }),
  }),
);

const isOwned = shape({
  kind: isKindName,
  id: isText,
  name: isText,
  fields: mapOf(isText),
  "sources?": mapOf(isText),
  needs: listOf(isAddress),
  protect: isFlag,
  "settled?": mapOf(isText),
  "notedAs?": listOf(isAddress),
  "handGiven?": listOf(isText),
  "file?": isText,
  "revealed?": mapOf(isText),
  "sealed?": mapOf(isText),
});

const isNewObject = shape({
  name: isText,
  "id?": isText,
  "revealed?": mapOf(isText),
  "sealed?": mapOf(isText),
});

const isFormer = shape({ id: isText, name: isText });

const isPending = shape({
  "besides?": listOf(isText),
  "file?": isText,
  "successor?": isNewObject,
  "formers?": listOf(isFormer),
  "deployFor?": listOf(isText),
  "deployAfter?": either(isText, isNull),
  "deployAt?": isNumber,
  "jobSent?": shape({ after: either(isText, isNull), at: isNumber }),
});

/** Checks an inventory of the current version. */
export const isInventory = shape({
  lineage: isText,
  serial: (value) => Number.isSafeInteger(value),
  "workspace?": isText,
  "workspaceName?": isText,
  "rendercadUser?": isText,
  "hosts?": mapOf(isText),
  "digestKey?": isText,
  resources: ownedByAddress,
  files: isFileRecords,
  "pending?": underAddresses(isPending),
  "deleted?": mapOf(isNumber),
  "made?": mapOf(isNumber),
});

/** Checks a ledger of the current version. */
export const isLedger = shape({
  windows: mapOf(shape({ limit: isNumber, used: isNumber, endsAt: isNumber, "leaves?": listOf(isNumber) })),
});

const isBy = shape({ user: isText, host: isText, "url?": isText });

/** Checks the record of a run of the current version. */
export const isRunRecord = shape({
  run: isText,
  began: isText,
  "ended?": isText,
  plan: isText,
  verdict: isText,
  "by?": isBy,
  "commit?": isText,
  steps: listOf(shape({ step: isText, status: isText })),
});

/** Checks the record of a plan of the current version. */
export const isPlanRecord = shape({
  hash: isText,
  at: isText,
  pullRequest: isNumber,
  head: isText,
  "by?": isBy,
  counts: mapOf(isNumber),
  calls: mapOf(isNumber),
  end: isNumber,
});

const isOutcome = either(
  shape({
    status: (value) => value === "done",
    owned: either(isOwned, isNull),
    "carried?": underAddresses(isOwned),
    "successor?": isNewObject,
    "gone?": isText,
  }),
  shape({ status: (value) => value === "failed", code: isText }),
  shape({ status: (value) => value === "unknown" }),
);

const isBinding = shape({
  "workspace?": isText,
  "workspaceName?": isText,
  "rendercadUser?": isText,
  "hosts?": mapOf(isText),
});

const line = { run: isText, at: isNumber };
const ofStep = { ...line, step: isText, address: isAddress };

/** One check for each word that the member `entry` of a journal line may have. A line with another word was written by a newer trueup. */
export const journalEntries: { readonly [entry: string]: Check } = {
  "run-began": shape({ ...line, plan: isText, "by?": isBy, "files?": isFileRecords, "accounts?": isBinding }),
  intent: shape({
    ...ofStep,
    verb: isText,
    kind: isKindName,
    name: isText,
    method: isText,
    path: isText,
    "takesEffectIn?": listOf(isAddress),
    "after?": either(isText, isNull),
    "successor?": isText,
    "former?": isFormer,
    "besides?": listOf(isText),
    "asks?": mapOf(isText),
  }),
  outcome: shape({ ...ofStep, verb: isText, result: isOutcome }),
  recorded: shape({ ...ofStep, result: isOutcome }),
  "run-ended": shape({ ...line, verdict: isText }),
};

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
