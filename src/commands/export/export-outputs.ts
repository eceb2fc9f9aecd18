import { byText, type Address, type KindName } from "../../core/base/address.ts";
import { isObject } from "../../core/base/json.ts";
import type { Readers } from "../../core/kind/reader.ts";
import { digestOf, makeDigestKey, type Digest } from "../../core/base/digest.ts";
import { Secret } from "../../core/base/secret.ts";
import type { AccountObject } from "../../engine/read/read-account.ts";

type OutputOf = { readonly of: Address; readonly output: string };
export type Addressed = AccountObject & { readonly address: Address };

/** Where a live value comes from, when it equals an output of another object. */
export type FindOutput = (
  key: string,
  live: Secret,
  siblings: { readonly [key: string]: Secret },
) => OutputOf | undefined;

type Restorable = {
  readonly output: string;
  /** Where the value alone says too little (a short name, a port), the end of the variable's name must say the rest. */
  readonly key?: RegExp;
  /** ... and another variable that begins alike must come from the same object beyond doubt: PGPORT beside PGHOST. */
  readonly besideOthers?: true;
};

const addresses: readonly Restorable[] = [
  { output: "hostport" },
  { output: "host", key: /HOST(?:NAME)?$/iu },
  { output: "port", key: /PORT$/iu, besideOthers: true },
];

const restorable: { readonly [kind: KindName]: readonly Restorable[] } = {
  "render/postgres": [
    { output: "connectionString" },
    { output: "connectionPoolString" },
    { output: "password" },
    { output: "host" },
    { output: "port", key: /PORT$/iu, besideOthers: true },
    { output: "user", key: /USER(?:NAME)?$/iu, besideOthers: true },
    { output: "database", key: /(?:DB|DATABASE|NAME)$/iu, besideOthers: true },
  ],
  "render/key-value": [{ output: "connectionString" }, ...addresses],
  "render/service": [
    { output: "envVars.RENDER_EXTERNAL_URL" },
    { output: "envVars.RENDER_EXTERNAL_HOSTNAME" },
    ...addresses,
  ],
  "render/webhook": [{ output: "signingSecret" }],
};

type Known = Restorable & OutputOf;

/**
 * Reads what others can refer to, for comparing alone: equal values are told by keyed digests, and no text is kept. `hex`
 * is a passing key, 32 bytes.
 */
export async function readOutputs(
  objects: readonly Addressed[],
  readers: Readers,
  hex: string,
): Promise<FindOutput> {
  const key = makeDigestKey(hex);
  const digest = (value: Secret | string): Digest => digestOf(key, { address: "", field: "" }, value);
  const known = new Map<Digest, Known[]>();
  const read = await Promise.all(
    objects.flatMap((object) => candidates(object).map((one) => readOutput(object, one, readers))),
  );
  for (const one of read.filter((each) => each !== undefined).sort((a, b) => byText(a.of, b.of))) {
    const at = digest(one.value);
    known.set(at, [...(known.get(at) ?? []), one]);
  }
  const certain = (live: Secret): Known | undefined =>
    known.get(digest(live))?.find((one) => one.besideOthers === undefined && one.key === undefined);
  return (variable, live, siblings) =>
    known.get(digest(live))?.find(({ key: end, besideOthers, of }) => {
      const start = end ? variable.replace(end, "") : variable;
      if (end && start === variable) return false;
      const alike = Object.keys(siblings).filter(
        (other) => start !== "" && other !== variable && other.startsWith(start),
      );
      return !besideOthers || alike.some((other) => certain(siblings[other]!)?.of === of);
    });
}

/** Workers, cron jobs and static sites listen to nobody; a replica's outputs are its own. */
function candidates({ kind, found }: Addressed): readonly Restorable[] {
  const own = restorable[kind.name] ?? [];
  if (kind.name === "render/service") {
    const listens =
      found.spec["runtime"] !== "static" && (found.spec["type"] === "web" || found.spec["type"] === "pserv");
    return own.filter(({ output }) => output.startsWith("envVars.") || listens);
  }
  if (kind.name !== "render/postgres") return own;
  const pooled = own.filter(
    ({ output }) => output !== "connectionPoolString" || found.spec["connectionPool"] === "pgbouncer",
  );
  const replicas = found.spec["readReplicas"];
  const names = Array.isArray(replicas)
    ? replicas.filter(isObject).map((replica) => String(replica["name"]))
    : [];
  return [
    ...pooled,
    ...names.flatMap((name) =>
      ["connectionString", "host"].map((output) => ({ output: `replicas.${name}.${output}` })),
    ),
  ];
}

async function readOutput(
  object: Addressed,
  one: Restorable,
  readers: Readers,
): Promise<(Known & { readonly value: Secret | string }) | undefined> {
  const { kind, found, address } = object;
  // A service shows its own address; a variable of its own under that name would say something else.
  const value = one.output.startsWith("envVars.")
    ? found.outputs[one.output.slice("envVars.".length)]
    : await kind.output(readers[kind.provider], found, one.output);
  const isUsable = (typeof value === "string" && value !== "") || value instanceof Secret;
  return isUsable ? { ...one, of: address, value } : undefined;
}
