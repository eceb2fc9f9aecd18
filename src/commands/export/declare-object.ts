import { makeAddress, type Address } from "../../core/base/address.ts";
import { isObject } from "../../core/base/json.ts";
import { problem, type Problem } from "../../core/base/problem.ts";
import { Secret } from "../../core/base/secret.ts";
import { declareLive } from "../../core/diff/declare-live.ts";
import { shapeOf } from "../../core/kind/shape.ts";
import { defaultLifecycle, type Desired } from "../../core/model/desired.ts";
import type { Value } from "../../core/model/value.ts";
import type { AccountObject } from "../../engine/read/read-account.ts";
import type { Addressed, FindOutput } from "./export-outputs.ts";
import { exportLiteral, looksPublic } from "./export-values.ts";
import { findAddress, type PublicAddresses } from "./public-addresses.ts";

/** What an object is declared by, besides itself. */
export type Around = {
  /** Addresses of environments by their ids. */
  readonly environments: ReadonlyMap<string, Address>;
  /** Objects that share kind and name. */
  readonly named: ReadonlyMap<string, readonly Addressed[]>;
  readonly byAddress: ReadonlyMap<Address, Addressed>;
  readonly findOutput: FindOutput;
  /** The database that a connection string leads to, in whatever spelling. */
  readonly ledTo: (live: Secret) => Address | undefined;
  readonly publicAddresses: PublicAddresses;
  readonly literals: readonly string[];
  /** Keys of variables that were asked for though they look public. */
  readonly public: Set<string>;
  readonly tell: (problem: Problem) => void;
};

/** Kind and name: what a reference in a file goes by. */
export function nameKey({ kind, found }: AccountObject): string {
  return makeAddress(kind.name, found.name);
}

/** The block that asks for a live object as it is; `undefined` for an object of a sort that the format does not know. */
export function declareObject(object: Addressed, around: Around): Desired | undefined {
  const { address, kind, found } = object;
  const shape = shapeOf(kind, found.spec);
  if (!shape) return undefined;
  const environment = environmentOf(object, around);
  const spec = declareLive({
    kind,
    shape,
    live: found.spec,
    valueOf: (place, live) => valueOf(object, place, live, around),
    addressOf: (text) => addressOf(object, text, around),
    unknown: (field, word) => around.tell(unknownWord(address, field, word)),
  });
  return {
    address,
    kind: kind.name,
    name: found.name,
    spec,
    lifecycle: defaultLifecycle,
    ...(environment !== undefined && { environment }),
    where: { file: "export", line: 1, column: 1 },
    places: new Map(),
    needs: [],
  };
}

function unknownWord(address: Address, field: string, word: string): Problem {
  const message = `${field} of ${address} is ${JSON.stringify(word)}, which the file format does not know; it was left out.`;
  return problem(
    "warning",
    "value-unknown",
    message,
    "It stays as it is there. A newer trueup may know it.",
    { address },
  );
}

/** In no environment is said only where it tells two of one name apart; at the root, membership is not the file's. */
function environmentOf(object: Addressed, around: Around): Address | null | undefined {
  const { kind, found } = object;
  const environment = kind.fields["environment"] && around.environments.get(found.environmentId ?? "");
  if (environment) return environment;
  return (around.named.get(nameKey(object)) ?? []).length > 1 ? null : undefined;
}

function addressOf(object: Addressed, text: string, around: Around): Value | undefined {
  const address = findAddress(around.publicAddresses, text);
  return address && isReachable(object, address.of, around) ? address : undefined;
}

function valueOf(
  object: Addressed,
  place: { readonly field: string; readonly entry?: string },
  live: Secret,
  around: Around,
): Value {
  const entries = object.found.spec[place.field];
  const siblings = Object.fromEntries(
    Object.entries(isObject(entries) ? entries : {}).filter(
      (pair): pair is [string, Secret] => pair[1] instanceof Secret,
    ),
  );
  const isHeader = place.field === "headers";
  const output = isHeader ? undefined : around.findOutput(place.entry ?? place.field, live, siblings);
  if (output && canRefer(object) && isReachable(object, output.of, around))
    return { from: "output", of: output.of, output: output.output };
  const store = place.entry === undefined || isHeader ? undefined : around.ledTo(live);
  if (store !== undefined && place.entry !== undefined)
    around.tell(tellLedTo(object, { store, entry: place.entry, isSame: output !== undefined }));
  const value = exportLiteral({ ...place, address: object.address }, live, around.literals, around.tell);
  if (isHeader && value.from === "literal") return addressOf(object, value.text, around) ?? value;
  if (value.from === "asked" && place.entry !== undefined && looksPublic(place.entry, live))
    around.public.add(place.entry);
  return value;
}

function tellLedTo(
  object: Addressed,
  { store, entry, isSame }: { readonly store: Address; readonly entry: string; readonly isSame: boolean },
): Problem {
  const { address } = object;
  const [why, remedy] = !canRefer(object)
    ? ["env groups hold no references", "To take it from there, write it into `envVars` of the services."]
    : isSame
      ? ["a reference by name would mean another one", "Give the two different names to refer to it."]
      : [
          "no reference gives that text (the address outside of the region, another user, parameters)",
          "To take its own connection string from there, write the reference by hand: that changes the value once.",
        ];
  const message = `${entry} of ${address} leads to ${store} and is no reference in the file: ${why}.`;
  return problem("note", "no-reference", message, remedy, { address });
}

/** Groups hold no references: Render refuses them (Render's Blueprint schema). */
function canRefer({ kind }: Addressed): boolean {
  return !kind.takesNoReferences;
}

/** A reference goes by name: where several have it, it means the one of the same environment. */
function isReachable(from: Addressed, to: Address, around: Around): boolean {
  const target = around.byAddress.get(to);
  const alike = target ? (around.named.get(nameKey(target)) ?? []) : [];
  return (
    alike.length === 1 || (target !== undefined && target.found.environmentId === from.found.environmentId)
  );
}
