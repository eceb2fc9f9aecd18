import { byText, type Address } from "../../core/base/address.ts";
import { groupBy } from "../../core/base/group.ts";
import type { Problem } from "../../core/base/problem.ts";
import type { Readers } from "../../core/kind/reader.ts";
import type { Found } from "../../core/model/live.ts";
import { readAccount, type AccountObject } from "../../engine/read/read-account.ts";
import { rememberEach } from "../../engine/read/remember-reads.ts";
import { fileKinds } from "../../providers/file-kinds.ts";
import { kinds } from "../../providers/kinds.ts";
import { findOwnToken } from "../../providers/rendercad/token/list.ts";
import { connect, providersAtHand } from "../accounts/connect.ts";
import { tellWaits, watchReads } from "../accounts/watch-reads.ts";
import { findAccounts, type Accounts } from "../accounts/find-accounts.ts";
import { stateWithout } from "../accounts/without-file.ts";
import type { Deps } from "../base/deps.ts";
import { declareObject, nameKey, type Around } from "./declare-object.ts";
import { makeLedTo, readOutputs } from "./export-outputs.ts";
import { sizeOf, type ExportSize } from "./export-size.ts";
import { giveAddresses, nameObject } from "./give-addresses.ts";
import { writeValid } from "./keep-valid.ts";
import { listAddresses } from "./public-addresses.ts";

/** What `export` is given. */
export type ExportInput = {
  /** Name or id; else what the environment says, as for every command. */
  readonly workspace?: string;
  /** Globs of variables whose values are written out. */
  readonly literals: readonly string[];
  /** Bytes that one file may have; absent: what a reader takes. */
  readonly most?: number;
  /** Is told how much there is to read, once that is known and before it is read. */
  readonly announce?: (size: ExportSize) => void;
};

/** An account as a file. `text` is the YAML, `others` what does not go into one file, to be given with it; `reads` counts the objects of the account and the calls that it took. */
export type Exported = {
  readonly text: string;
  readonly others: readonly string[];
  /** Variables that are `sync: false` though their values look public: what `--literals` may name. */
  readonly public: readonly string[];
  readonly accounts: Accounts;
  readonly resources: readonly Address[];
  readonly reads: { readonly resources: number; readonly calls: number };
  /** What was left out and why. */
  readonly problems: readonly Problem[];
};

/** `export`: the live account as a file. Planning with it adopts everything and changes nothing. Reads only. */
export async function runExport(input: ExportInput, deps: Deps): Promise<Exported> {
  const state = stateWithout(input.workspace);
  const providers = await providersAtHand(deps);
  const connection = await connect(deps, state, { onWait: tellWaits(deps) }, providers);
  watchReads(connection, state.settings.reserve, deps);
  const readers = rememberEach(connection.readers);
  const accounts = await findAccounts(deps, state, connection, readers);
  const read = new Map([...kinds].filter(([, kind]) => providers.has(kind.provider)));
  const scope = { ownerId: accounts.workspace?.id ?? "" };
  const onListed = (objects: number, calls: number): void =>
    input.announce?.(sizeOf(objects, calls, connection, deps));
  const everything = (await readAccount(read, readers, scope, onListed)).map(nameObject);
  const own = await findOwn(everything, { now: connection.readers, earlier: readers });
  const objects = everything.filter((one) => one.found.id !== own?.id || !one.kind.signsIn);
  const problems: Problem[] = [];
  const addressed = giveAddresses(objects, (one) => void problems.push(one));
  const findOutput = await readOutputs(addressed, readers, deps.world.randomHex(32));
  const around: Around = {
    environments: new Map(
      addressed.filter(({ kind }) => kind.encloses).map(({ found, address }) => [found.id, address]),
    ),
    named: groupBy(addressed, nameKey),
    byAddress: new Map(addressed.map((one) => [one.address, one])),
    findOutput,
    ledTo: makeLedTo(addressed),
    publicAddresses: listAddresses(addressed),
    literals: input.literals,
    public: new Set(),
    tell: (one) => void problems.push(one),
  };
  const unsaid = new Map<Address, string>();
  const declared = addressed.flatMap((one) => {
    const desired = declareObject(one, around);
    if (!desired) unsaid.set(one.address, `the file format does not know ${one.kind.noun}s of its type.`);
    return desired ?? [];
  });
  const options = {
    kinds: fileKinds,
    ...(accounts.workspace && { workspace: accounts.workspace.id }),
    comment: [...commentOf(accounts), ...(own ? [ownComment(own.name)] : [])],
  };
  const today = new Date(deps.world.now()).toISOString().slice(0, 10);
  const valid = writeValid({ resources: declared, unsaid, options, most: input.most, today });
  const [text, ...others] = valid.parts.map((part) => part.text);
  return {
    text: text!,
    others,
    public: [...around.public].sort(byText),
    accounts,
    resources: valid.resources.map(({ address }) => address).sort(byText),
    reads: { resources: objects.length, calls: connection.calls() },
    problems: [...problems, ...valid.problems],
  };
}

/** The token that trueup runs with, if it can be told from the others: nobody's file should have it, since no plan may revoke it. */
async function findOwn(
  objects: readonly AccountObject[],
  { now, earlier }: { readonly now: Readers; readonly earlier: Readers },
): Promise<Found | undefined> {
  if (!objects.some(({ kind }) => kind.signsIn)) return undefined;
  const own = await findOwnToken({ earlier: earlier.rendercad, now: now.rendercad, self: undefined });
  return own.is === "known" ? own.token : undefined;
}

function ownComment(name: string): string {
  return `The RENDERCAD token ${JSON.stringify(name)} is not in it: trueup runs with it, and no plan may revoke it.`;
}

function commentOf({ workspace, rendercadUser }: Accounts): readonly string[] {
  const { id, name } = workspace ?? {};
  const found = [
    ...(workspace ? [`The workspace ${name === undefined ? id : `${name} (${id})`}`] : []),
    ...(rendercadUser === undefined
      ? []
      : [`${workspace ? "the" : "The"} account of RENDERCAD user ${rendercadUser}`]),
  ];
  return [
    `${found.join(" and ")}, as trueup export found ${found.length > 1 ? "them" : "it"}.`,
    "sync: false stands for a value that is there and stays as it is; what is left out has its default.",
  ];
}
