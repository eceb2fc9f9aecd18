import { findKind } from "../../core/kind/kind.ts";
import { resolve } from "node:path";
import { byText, nameOf, type Address, type KindName } from "../../core/base/address.ts";
import { findOtherShape, refuseForeignShape } from "../../core/diff/another-shape.ts";
import type { Desired } from "../../core/model/desired.ts";
import type { Found } from "../../core/model/live.ts";
import { problem, type Problem } from "../../core/base/problem.ts";
import { emptyInventory, type Owned } from "../../core/model/inventory.ts";
import { rememberReads } from "../../engine/read/remember-reads.ts";
import { kinds } from "../../providers/kinds.ts";
import { readText, type Deps } from "../base/deps.ts";
import { openState, type FileInput } from "../files/load.ts";
import { filesOfState, giveTo } from "./state-files.ts";
import { changeState, refuse, rememberInventory } from "./state.ts";
import { bind, isId, openBinding, ownedOf, refuseOwnedElsewhere, type Binding } from "./state-adopt.ts";
import { readTerraformState, type TerraformObject } from "./terraform-state.ts";

/** What was taken over. `source`: the address that the object has in Terraform. */
export type Adopted = {
  readonly adopted: readonly { readonly source: string; readonly address: Address; readonly id: string }[];
  /** Objects of the Terraform state that were left alone, and why. */
  readonly problems: readonly Problem[];
};

/**
 * `state adopt --from-terraform FILE`: whatever that state manages and the file declares is owned from now on, matched by
 * id. What the file does not declare stays unowned, since the next apply would delete it.
 */
export async function adoptFromTerraform(name: string, input: FileInput, deps: Deps): Promise<Adopted> {
  const text = await readText(deps, resolve(deps.folder, name));
  if (text === undefined)
    throw refuse(
      "file-not-found",
      `There is no file ${name}.`,
      "Check the path given with --from-terraform.",
    );
  const { objects, unknown } = readTerraformState(text, name);
  const binding = await openBinding(await openState(input, deps), "render", deps);
  const listings = await listKinds(binding, objects);
  const environments = new Map(
    enclosing.flatMap((kind) => listings.get(kind) ?? []).map(({ id, name: full }) => [id, full]),
  );
  const matched = objects.map((object) => ({ object, ...match(object, binding, listings, environments) }));
  const taken = matched.flatMap(({ object, desired, found, left }) =>
    desired && found && !left ? [{ source: object.source, desired, found }] : [],
  );
  const owned = taken.map(({ desired, found }): readonly [Address, Owned] => [
    desired.address,
    ownedOf(desired, findKind(kinds, desired.kind), found),
  ]);
  if (owned.length > 0) {
    await refuseOwnedElsewhere(binding, owned);
    const files = await filesOfState(binding, input, await rememberInventory(binding.store, ""), deps);
    const declared = owned.map(([address]) => [address, files.declaring.get(address)] as const);
    await changeState(binding, deps, (inventory) =>
      giveTo(bind(inventory, binding.accounts, owned), declared, files),
    );
  }
  return {
    adopted: taken
      .map(({ source, desired, found }) => ({ source, address: desired.address, id: found.id }))
      .sort((a, b) => byText(a.address, b.address)),
    problems: [
      ...unknown.map(tellUnknown),
      ...matched.flatMap(({ object, desired, found, left }) =>
        left ? [left] : desired && found ? [] : [tellLeft(object, found)],
      ),
    ],
  };
}

/** They tell equal names apart, so they are read as well. */
const enclosing = [...kinds.values()].filter(({ encloses }) => encloses).map(({ name }) => name);

type Listings = ReadonlyMap<KindName, readonly Found[]>;

async function listKinds(
  { state, connection, accounts }: Binding,
  objects: readonly TerraformObject[],
): Promise<Listings> {
  const reader = rememberReads(connection.readers.render);
  const names = new Set<KindName>([...enclosing, ...objects.map(({ kind }) => kind)]);
  const wanted = {
    resources: state.resources,
    inventory: emptyInventory(""),
  } as const;
  const read = [...names]
    .sort(byText)
    .map(
      async (name) =>
        [
          name,
          (await kinds.get(name)?.list(reader, { ownerId: accounts.workspace?.id ?? "" }, wanted)) ?? [],
        ] as const,
    );
  return new Map(await Promise.all(read));
}

/** `left`: why the block cannot be that object, although it has its name. */
type Match = { readonly desired?: Desired; readonly found?: Found; readonly left?: Problem };

function match(
  object: TerraformObject,
  { state }: Binding,
  listings: Listings,
  environments: ReadonlyMap<string, string>,
): Match {
  const listing = listings.get(object.kind) ?? [];
  const found = object.id === undefined ? listing[0] : listing.find(({ id }) => isId(id, object.id!));
  if (!found) return {};
  const named = state.resources.filter((one) => one.kind === object.kind && one.name === found.name);
  const inside = environments.get(found.environmentId ?? "");
  const same = named.find(({ environment }) => (environment ? nameOf(environment) : undefined) === inside);
  const desired = same ?? (named.length === 1 ? named[0] : undefined);
  if (!desired) return { found };
  const left = tellOtherShape(desired, found);
  return { found, desired, ...(left && { left }) };
}

function tellOtherShape(desired: Desired, found: Found): Problem | undefined {
  const kind = findKind(kinds, desired.kind);
  const other = findOtherShape(kind, desired, found);
  if (!other) return undefined;
  const { message, remedy } = refuseForeignShape(desired, kind, found, other);
  return problem("warning", "other-type", message, remedy, {
    where: desired.where,
    address: desired.address,
  });
}

function tellLeft({ source, kind, id }: TerraformObject, found: Found | undefined): Problem {
  const noun = kinds.get(kind)?.noun ?? kind;
  if (!found) {
    const message = `${source} (${noun}${id === undefined ? "" : ` ${id}`}) was not found in the workspace.`;
    return problem(
      "warning",
      "adopt-not-found",
      message,
      "Nothing to do if it was deleted; otherwise use the key and workspace that Terraform uses.",
    );
  }
  const message = `${source} is the ${noun} ${found.name} (${found.id}), which the file does not declare; it was left alone.`;
  return problem(
    "warning",
    "adopt-undeclared",
    message,
    "Declare it and run this again, or leave it to Terraform. trueup export writes its block.",
  );
}

function tellUnknown(source: string): Problem {
  return problem(
    "warning",
    "terraform-type",
    `${source} is of a type that trueup does not know; it was left alone.`,
    "Leave it to Terraform.",
  );
}
