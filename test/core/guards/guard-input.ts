import { makeAddress } from "../../../src/core/base/address.ts";
import type { FieldChange, ResourceChange } from "../../../src/core/model/change.ts";
import { defaultSettings, type Settings } from "../../../src/core/model/desired.ts";
import type { GuardInput } from "../../../src/core/guards/guard-input.ts";
import { emptyInventory, type Owned } from "../../../src/core/model/inventory.ts";
import { kinds } from "../../../src/providers/kinds.ts";

/** An account as the guards see it: so many services and disks that are owned, and what a plan changes. */
type KindName = Owned["kind"];
export type World = {
  readonly owned: number;
  /** Disks that are owned besides: they stand in services. */
  readonly disks?: number;
  readonly changes: readonly ResourceChange[];
  readonly settings?: Partial<Settings>;
  readonly allowDeletes?: number;
  readonly destroys?: boolean;
};

const nameAt = (index: number): string => `n${String(index + 1).padStart(2, "0")}`;

export function change(index: number, more: Partial<ResourceChange>, kind: KindName = "render/service") {
  const name = nameAt(index);
  const base = { fields: [], recreates: false, converged: [], optional: [], notes: [], summary: "" };
  const one: ResourceChange = {
    ...base,
    action: "delete",
    address: makeAddress(kind, name),
    kind,
    name,
    ...more,
  };
  return one;
}

export const many = (
  count: number,
  more: Partial<ResourceChange> = {},
  kind?: KindName,
): readonly ResourceChange[] => Array.from({ length: count }, (_, index) => change(index, more, kind));

export function field(more: Partial<FieldChange>): FieldChange {
  const absent = { show: "absent" } as const;
  const base = {
    before: absent,
    after: absent,
    verdict: "file",
    removed: false,
    forcesReplace: false,
  } as const;
  return { field: "envVars", ...base, ...more };
}

export function inputOf({
  owned,
  disks = 0,
  changes,
  settings,
  allowDeletes,
  destroys = false,
}: World): GuardInput {
  const own = (kind: KindName, count: number) =>
    Array.from({ length: count }, (_, index) => {
      const name = nameAt(index);
      const one: Owned = { kind, id: `${kind} ${name}`, name, fields: {}, needs: [], protect: false };
      return [makeAddress(kind, name), one] as const;
    });
  const resources = Object.fromEntries([...own("render/service", owned), ...own("render/disk", disks)]);
  return {
    changes,
    desired: new Map(),
    live: new Map(),
    inventory: { ...emptyInventory("l"), resources },
    kinds,
    settings: { ...defaultSettings, ...settings },
    overrides: {
      rewrites: [],
      gaps: [],
      exportTo: null,
      destroys,
      allowDataLoss: [],
      allowReplace: [],
      adopt: null,
      recreateGone: false,
      allowOlder: false,
      ...(allowDeletes !== undefined && { allowDeletes }),
    },
    scope: { ownerId: "tea-1" },
    deliveries: new Map(),
    removed: [],
    today: "2026-11-22",
  };
}
