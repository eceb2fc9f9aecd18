import type { Millis } from "../../core/model/budget.ts";
import type { ExportInput } from "./keep-exports.ts";
import type { FileInput } from "../files/load.ts";
import type { SourceInput } from "./sources.ts";

/** What a plan is made from besides the file: the flags of the command line. Addresses are texts here, and may be globs. */
export type PlanInput = FileInput &
  SourceInput &
  ExportInput & {
    /** `--strict-values`: values whose source is missing are errors of the plan. Else they are warnings, and errors of an apply. */
    readonly strictValues: boolean;
    readonly allowDeletes?: number;
    /** Addresses and globs, as are all below. */
    readonly allowDataLoss: readonly string[];
    readonly allowReplace?: readonly string[];
    /** `--rewrite`. */
    readonly rewrites?: readonly string[];
    /** `rotate`: these are given new values, and nothing else is planned but what takes them. */
    readonly rotates?: readonly string[];
    /** `--allow-gap`. */
    readonly allowGaps?: readonly string[];
    readonly recreateGone?: boolean;
    readonly allowOlder?: boolean;
    /** `null` where a person will be shown the adoptions; else whether `--adopt` was given. */
    readonly adopt: boolean | null;
    /** Leaves out what is refused and what depends on it, instead of refusing the whole plan. */
    readonly skipRefused?: boolean;
    /** `--target`, `--exclude`. */
    readonly targets: readonly string[];
    readonly excludes: readonly string[];
    /** `destroy`: these addresses are treated as if the file did not have them; `all`: whatever the inventory owns. */
    readonly destroys?: readonly string[] | "all";
    /** `apply`: what a list lacks, and what would be written as a whole, is looked at again before anything is decided. */
    readonly confirmsEntries?: true;
    /** The run writes next, so it waits until lists show what an earlier run made whose answers were lost. */
    readonly isPatient?: true;
    /** How long the run may take; without it, what it needs. */
    readonly maxDuration?: Millis;
  };
