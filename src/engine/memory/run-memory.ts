import type { Address } from "../../core/base/address.ts";
import type { Secret } from "../../core/base/secret.ts";
import { Begun } from "./begun.ts";
import { CreationMemory } from "./creation-memory.ts";
import { EffectNotes } from "./effect-notes.ts";
import { OutputReaders } from "./output-readers.ts";
import type { PerformInput } from "./perform-input.ts";
import { makeReach, type Reach } from "./reach.ts";
import { Replacements } from "./replacements.ts";
import { noId, Resources } from "./resources.ts";
import { SentValues } from "./sent-values.ts";
import { ShownOnceMemory } from "./shown-once-memory.ts";

/**
 * What a run knows while it goes on, in parts of one purpose each. A function takes the parts that it needs
 * (`Pick<RunMemory, "reach" | "begun">`), so that its signature says what it can see and change.
 */
export type RunMemory = {
  /** What the run was given. It never changes. */
  readonly input: PerformInput;
  /** Kinds and clients, by address. */
  readonly reach: Reach;
  /** What stands at each address by now. */
  readonly resources: Resources;
  /** What stands beside it while it is replaced. */
  readonly replacements: Replacements;
  /** Creations whose answers were lost. */
  readonly creations: CreationMemory;
  /** Deploys, jobs and exports of this run, told apart from those before. */
  readonly begun: Begun;
  /** What calls have sent. */
  readonly sent: SentValues;
  /** Readers for what values refer to. */
  readonly outputs: OutputReaders;
  /** What answers showed once. */
  readonly shownOnce: ShownOnceMemory;
  /** Which deploys of the plan are needed. */
  readonly effects: EffectNotes;
};

/** The memory of a run that begins. */
export function makeRunMemory(input: PerformInput): RunMemory {
  return {
    input,
    reach: makeReach(input),
    resources: new Resources(input),
    replacements: new Replacements(input.inventory),
    creations: new CreationMemory(input),
    begun: new Begun(),
    sent: new SentValues(),
    outputs: new OutputReaders(input),
    shownOnce: new ShownOnceMemory(input),
    effects: new EffectNotes(input.inventory),
  };
}

/** The id of the object at an address, or of the new one beside it. Throws `value-not-there` when there is none yet. */
export function idOfHalf(
  { resources, replacements }: Pick<RunMemory, "resources" | "replacements">,
  address: Address,
  half: "successor" | undefined,
): string {
  if (!half) return resources.idOf(address);
  const id = replacements.newObject(address)?.id;
  if (id === undefined) throw noId(address);
  return id;
}

/** All secrets that this run has read or sent: logs are scrubbed of them. */
export function secretsOf({
  resources,
  sent,
  shownOnce,
}: Pick<RunMemory, "resources" | "sent" | "shownOnce">): readonly Secret[] {
  return [...sent.secrets(), ...shownOnce.secrets(), ...resources.secrets()];
}
