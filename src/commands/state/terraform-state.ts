import type { KindName } from "../../core/base/address.ts";
import { isObject } from "../../core/base/json.ts";
import { refuse } from "./state.ts";
import { terraformInside, terraformKinds } from "../../providers/render/terraform.ts";

/** An object that Terraform manages: where it stands in the state, for people, and what it is for Render. */
export type TerraformObject = {
  readonly source: string;
  readonly kind: KindName;
  /** Absent for what there is one of per workspace. */
  readonly id?: string;
};

const provider = "render-oss/render";

/** What a Terraform state says of Render's objects. */
export type TerraformState = {
  readonly objects: readonly TerraformObject[];
  /** Of the same provider, and of a type that trueup does not know. */
  readonly unknown: readonly string[];
};

/** Reads a state of format 4, which every Terraform since 0.12 and every OpenTofu writes. Only ids are looked at. */
export function readTerraformState(text: string, name: string): TerraformState {
  const state = parse(text);
  if (!isObject(state) || state["version"] !== 4 || !Array.isArray(state["resources"])) {
    throw refuse(
      "terraform-state",
      `${name} is not a Terraform state of format 4.`,
      "Save it with terraform state pull > FILE.",
    );
  }
  const own = state["resources"].filter(
    (one: unknown) =>
      isObject(one) && one["mode"] === "managed" && String(one["provider"]).includes(provider),
  ) as readonly Resource[];
  const unknown = own
    .filter(({ type }) => terraformKinds[type] === undefined)
    .map(({ type, name: label }) => `${type}.${label}`);
  return { objects: own.flatMap(objectsOf), unknown };
}

type Resource = { readonly type: string; readonly name: string; readonly instances?: readonly Instance[] };
type Instance = {
  readonly index_key?: string | number;
  readonly attributes?: { readonly [name: string]: unknown };
};

function objectsOf({ type, name, instances = [] }: Resource): readonly TerraformObject[] {
  const kind = terraformKinds[type];
  if (kind === undefined || kind === "entry") return [];
  return instances.flatMap(({ index_key: index, attributes = {} }) => {
    const source = `${type}.${name}${index === undefined ? "" : `[${JSON.stringify(index)}]`}`;
    return [
      object(source, kind, attributes),
      ...terraformInside(kind, attributes).map((one) =>
        object(`${source}${one.place}`, one.kind, one.attributes),
      ),
    ];
  });
}

function object(
  source: string,
  kind: KindName,
  attributes: { readonly [name: string]: unknown },
): TerraformObject {
  const { id } = attributes;
  return { source, kind, ...(typeof id === "string" && id !== "" && { id }) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
