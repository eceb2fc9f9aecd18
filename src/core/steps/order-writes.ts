import type { Address } from "../base/address.ts";
import type { ResourceChange } from "../model/change.ts";
import { valuesDeclared } from "../model/declared.ts";
import { fieldKey, type Desired } from "../model/desired.ts";
import { type Kind, findKind } from "../kind/kind.ts";
import type { Step, StepId, WriteStep } from "../model/plan.ts";
import { targetsOf } from "../model/write.ts";
import type { Chain } from "./draft-steps.ts";
import type { StepsInput } from "./steps-input.ts";

/** A value of a resource that is taken from another resource, or from another value of the same one. `key` is its field key. */
export type Reference = { readonly key: string; readonly target: Address; readonly output: string };

/** All references of a block. */
export function referencesOf(desired: Desired, kind: Kind): readonly Reference[] {
  return valuesDeclared(desired, kind.fields).flatMap(({ key, value }) =>
    value.from === "output" ? [{ key, target: value.of, output: value.output }] : [],
  );
}

/** A test whether a change writes the field or output of a key. When the object is new, it writes all of them. */
export function writtenBy(change: ResourceChange): (key: string) => boolean {
  if (isNew(change)) return () => true;
  const keys = new Set(
    [...change.fields, ...change.optional].map(({ field, entry }) => fieldKey(field, entry)),
  );
  return (key) => keys.has(key);
}

function isNew({ action }: ResourceChange): boolean {
  return action === "create" || action === "replace";
}

/** The length of the longest row of writes that must come one after the other before these fields of a resource are written. */
export type DepthOf = (address: Address, keys: readonly string[]) => number;

/**
 * Finds the depth of each write. The writes of one resource go out one after the other; when each such row is sorted by
 * depth, no write waits for one that waits for it, unless values themselves go in a circle. `deferred`: fields of new
 * resources that their creation does not carry.
 */
export function findDepths(input: StepsInput, deferred: ReadonlyMap<Address, ReadonlySet<string>>): DepthOf {
  const changes = new Map(input.changes.map((change) => [change.address, change]));
  /** The write that gives an output or a field its value: one of its own, else the creation, else none of this run. */
  const writeOf = (address: Address, key: string): string | undefined => {
    const change = changes.get(address);
    if (!change || !writtenBy(change)(key)) return undefined;
    return isNew(change) && !deferred.get(address)?.has(key) ? address : `${address} ${key}`;
  };
  const needs = new Map<string, string[]>();
  for (const [address, keys] of deferred) {
    for (const key of keys) {
      const write = writeOf(address, key);
      if (write !== undefined) needs.set(write, [address]);
    }
  }
  for (const { address, kind } of input.changes) {
    const desired = input.desired.get(address);
    for (const { key, target, output } of desired ? referencesOf(desired, findKind(input.kinds, kind)) : []) {
      const [write, source] = [writeOf(address, key), writeOf(target, output)];
      if (write === undefined || source === undefined || write === source) continue;
      needs.set(write, [...(needs.get(write) ?? []), source]);
    }
  }
  const depths = new Map<string, number>();
  const depthOf = (write: string): number => {
    const known = depths.get(write);
    if (known !== undefined) return known;
    // Values in a circle can have any order, because the circle comes back as a problem.
    depths.set(write, 0);
    const depth = Math.max(0, ...(needs.get(write) ?? []).map((source) => depthOf(source) + 1));
    depths.set(write, depth);
    return depth;
  };
  return (address, keys) => Math.max(0, ...keys.map((key) => depthOf(`${address} ${key}`)));
}

/**
 * Steps that a move to another environment, or a link, waits for. What lends its variables (an env group) moves when the links that
 * end are gone, and it is linked when it is there: in between it would belong to another environment than its service.
 *
 *     shared moves with api     unlink api from shared; shared moves, api moves; link api to shared
 */
export function movesBetween(
  input: StepsInput,
  chains: readonly Chain[],
  { change }: Chain,
  step: WriteStep,
): readonly StepId[] {
  if (step.verb !== "update") return [];
  if (isMove(step)) return [...endedLinks(chains, change.address), ...deletedUsers(input, chains, change)];
  // A link names two resources in its path; the end of one waits for nothing.
  const others = pathTargets(step).filter((address) => address !== change.address);
  if (step.write.method !== "POST" || pathTargets(step).length < 2) return [];
  return chains
    .filter((chain) => others.includes(chain.change.address))
    .flatMap(({ steps }) => steps.filter(isMove).map((one) => one.id));
}

function endedLinks(chains: readonly Chain[], moving: string): readonly StepId[] {
  return chains
    .filter((chain) => chain.change.address !== moving)
    .flatMap(({ steps }) => steps)
    .filter((one) => one.step === "write" && one.verb === "update" && one.write.method === "DELETE")
    .filter((one) => one.step === "write" && pathTargets(one).includes(moving))
    .map((one) => one.id);
}

/** The deletions of what is linked to it: that goes first, with its link. */
function deletedUsers(
  { kinds, live }: StepsInput,
  chains: readonly Chain[],
  { kind, address }: ResourceChange,
): readonly StepId[] {
  const moving = live.get(address);
  const users = (moving && kinds.get(kind)?.redeploys?.(moving, live)) ?? [];
  const ids = new Set(users.map(({ id }) => id));
  return chains
    .filter(({ change }) => change.action === "delete" && change.id !== undefined && ids.has(change.id))
    .flatMap(({ steps }) => steps.map((one) => one.id));
}

function pathTargets({ write: { body: _body, ...call } }: WriteStep): readonly string[] {
  return targetsOf(call).map(({ address }) => address);
}

function isMove(step: Step): boolean {
  return step.step === "write" && step.verb === "update" && step.fields.includes("environment");
}
