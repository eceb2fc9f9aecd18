import type { Field } from "../../core/model/field.ts";
import { inSentence, type BlockContext } from "./context.ts";
import type { Draft, Reference } from "./draft.ts";
import { describeNode, keyPlaceOf, memberOf, textOf, type MapNode, type Node } from "./node.ts";
import { addressVariable, readReference, referredKinds } from "./reference-forms.ts";
import type { Tell } from "./remark.ts";
import { suggestKey } from "./suggest.ts";

/** A list whose items say an address by a text each, and what was taken out of it: the address by its item. */
export type TakenAddresses = { readonly node: Node; readonly taken: ReadonlyMap<number, Reference> };

/**
 * Takes the public addresses of other services out of the items of a list (`addressMember` of the field), so that the rest is
 * checked as plain texts:
 *
 *     - source: /api/*
 *       destination: { fromService: { type: web, name: api, envVarKey: RENDER_EXTERNAL_URL }, path: /* }
 */
export function takeAddresses(key: string, node: Node, field: Field, context: BlockContext): TakenAddresses {
  const member = field.addressMember;
  const taken = new Map<number, Reference>();
  if (member === undefined || node.is !== "list") return { node, taken };
  const items = node.items.map((item, index): Node => {
    const entry = item.is === "map" ? item.entries.get(member) : undefined;
    if (item.is !== "map" || entry?.value.is !== "map") return item;
    const reference = readAddress(entry.value, `${key}.${member}`, context);
    if (reference) taken.set(index, reference);
    const { place } = entry.value;
    const standIn: Node = { is: "scalar", value: "taken", text: "taken", place, weight: 1 };
    context.tellOurs(entry.keyPlace, member);
    return { ...item, entries: new Map(item.entries).set(member, { ...entry, value: standIn }) };
  });
  return taken.size === 0 && items.every((item, index) => item === node.items[index])
    ? { node, taken }
    : { node: { ...node, items }, taken };
}

const known = ["fromService", "path"];

function readAddress(node: MapNode, key: string, context: BlockContext): Reference | undefined {
  const form = `{fromService: {type: web, name: NAME, envVarKey: ${addressVariable}}, path: /*}`;
  const subject = inSentence(context.subject);
  const other = [...node.entries.values()].find((entry) => !known.includes(entry.key));
  if (other || !node.entries.has("fromService")) {
    context.tell({
      code: other ? "unknown-key" : "missing-key",
      severity: "error",
      message: other
        ? `\`${key}\` of ${subject} has the unknown key \`${other.key}\`: everybody can read it, so it takes a text or the public address of a service.`
        : `\`${key}\` of ${subject} lacks \`fromService\`.`,
      remedy: () => (other && suggestKey(other.key, known, key)) ?? `Write a text, or \`${form}\`.`,
      place: other?.keyPlace ?? node.place,
    });
    return undefined;
  }
  const path = memberOf(node, "path");
  const text = path === undefined ? "" : textOf(path);
  if (text === undefined || (text !== "" && !/^[/?#]/u.test(text))) {
    context.tell({
      code: text === undefined ? "wrong-type" : "wrong-value",
      severity: "error",
      message: `\`path\` of ${key} of ${subject} must be a text that begins with a slash${text === undefined ? `, not ${describeNode(path!)}` : ""}: it stands behind the address.`,
      remedy: "Write it as in `path: /*`.",
      place: path!.place,
    });
    return undefined;
  }
  const source = readReference("fromService", memberOf(node, "fromService")!, key, context);
  if (source?.form !== "service") return undefined;
  if (!("envVarKey" in source.wants) || source.wants.envVarKey !== addressVariable) {
    context.tell({
      code: "wrong-value",
      severity: "error",
      message: `\`fromService\` of ${key} of ${subject} takes no other value than the public address of a service, because everybody can read it.`,
      remedy: `Write \`envVarKey: ${addressVariable}\`.`,
      place: keyPlaceOf(memberOf(node, "fromService")!, "envVarKey"),
    });
    return undefined;
  }
  return { ...source, wants: { address: addressVariable, path: text } };
}

/** Whether anybody can open a service: a web service or static site. That it is none is told. */
export function checkPublic(reference: Reference, draft: Draft, tell: Tell): boolean {
  const isPublic = draft.kind.name === referredKinds.service && ["web", "static"].includes(draft.shape.name);
  if (isPublic) return true;
  tell({
    code: "reference-property",
    severity: "error",
    message: `The ${draft.shape.description} ${draft.name} has no public address.`,
    remedy: "A web service and a static site have one.",
    place: reference.place,
  });
  return false;
}
