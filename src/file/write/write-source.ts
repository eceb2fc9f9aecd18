import { kindOf, nameOf, type Address } from "../../core/base/address.ts";
import type { Desired } from "../../core/model/desired.ts";
import type { FileKind } from "../../core/model/file-kind.ts";
import { shapeOf } from "../../core/kind/shape.ts";
import { type Value, variableOf } from "../../core/model/value.ts";
import { addressVariable, referenceForms, referredKinds } from "../base/reference-forms.ts";

/** What writing a reference needs to know of the other blocks. */
export type SourceContext = {
  readonly all: ReadonlyMap<Address, Desired>;
  readonly kinds: readonly FileKind[];
};

/** The member of an entry that says where its value comes from. It is the inverse of `readValueEntry`. */
export function writeSource(value: Value, context: SourceContext): { readonly [member: string]: unknown } {
  switch (value.from) {
    case "literal":
      return { value: value.text };
    // A secret is never written to a file, also where somebody asks for it.
    case "secret-literal":
      return { sync: false };
    case "asked":
      return { sync: false, ...(value.allowEmpty && { allowEmpty: true }) };
    case "generated":
      return { generateValue: true };
    case "environment":
      return { fromEnvironment: value.variable, ...(value.allowEmpty && { allowEmpty: true }) };
    case "file":
      return {
        fromFile: value.path,
        ...(value.raw && { raw: true }),
        ...(value.allowEmpty && { allowEmpty: true }),
      };
    case "output":
      return {
        ...writeReference(value.of, value.output, context),
        ...(value.path !== undefined && { path: value.path }),
      };
    default:
      return value satisfies never;
  }
}

function writeReference(
  of: Address,
  output: string,
  context: SourceContext,
): { readonly [member: string]: unknown } {
  const target = context.all.get(of);
  const name = target?.name ?? nameOf(of);
  const kind = kindOf(of);
  switch (kind) {
    case referredKinds.database: {
      const [, replica, property] = /^replicas\.(.+)\.([^.]+)$/u.exec(output) ?? [];
      return { fromDatabase: { name: replica ?? name, property: property ?? output } };
    }
    case referredKinds.keyValue:
      return { fromService: { type: "keyvalue", name, property: output } };
    case referredKinds.service: {
      const own = context.kinds.find((one) => one.name === kind);
      const type = (target && own && shapeOf(own, target.spec)?.when?.type?.[0]) ?? "web";
      const key = variableOf(output) ?? (output === addressVariable ? output : undefined);
      const wants = key === undefined ? { property: output } : { envVarKey: key };
      return { fromService: { type, name, ...wants } };
    }
    default: {
      const [member, form] =
        Object.entries(referenceForms).find(
          ([, one]) => (referredKinds as { readonly [form: string]: string })[one.form] === kind,
        ) ?? [];
      if (member === undefined || !form) throw new Error(`no reference to ${of} can be written`);
      return { [member]: { name, ...(form.members.includes("property") && { property: output }) } };
    }
  }
}
