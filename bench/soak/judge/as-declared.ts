import {
  blocksOf,
  entriesOf,
  typeNames,
  type Block,
  type Entry,
  type ServiceBlock,
  type What,
} from "../model.ts";
import { idOf, labelOf, labelOfRow, partsOf, reachable, tableOf, variablesOf, type Row } from "../rows.ts";
import type { Evidence, Wrong } from "./evidence.ts";

/** Rule 6: after a calm round the rows are what the files say, nothing is left over, and another run writes nothing. */
export function judgeAsDeclared(evidence: Evidence): readonly Wrong[] {
  if (!evidence.calm) return [];
  const said = [
    ...blocksOf(evidence.files).flatMap((block) => differences(evidence, block)),
    ...(Object.keys(tableOf) as What[]).flatMap((what) => leftOver(evidence, what)),
    ...(evidence.writesAgain > 0 ? [`a second run sent ${evidence.writesAgain} writes`] : []),
  ];
  return said.map((one) => ({ rule: 6, said: one }));
}

function rowOf(evidence: Evidence, what: What, label: string): Row | undefined {
  return reachable(evidence.after, what, evidence).find((row) => labelOfRow(what, row) === label);
}

function rowNamed(evidence: Evidence, what: What, name: string): Row | undefined {
  const block = blocksOf(evidence.files).find((one) => one.what === what && one.name === name);
  return block && rowOf(evidence, what, labelOf(block));
}

function differences(evidence: Evidence, block: Block): readonly string[] {
  const row = rowOf(evidence, block.what, labelOf(block));
  const me = `${block.what} ${block.name}`;
  if (!row) return [`${me} is not there`];
  const columns = Object.entries(columnsOf(block)).flatMap(([column, value]) =>
    JSON.stringify(row[column]) === JSON.stringify(value) || staysAsAdopted(evidence, row, column)
      ? []
      : [`${me} has ${column} ${JSON.stringify(row[column])}, not ${JSON.stringify(value)}`],
  );
  const inside = block.what === "service" ? insideOf(evidence, block, row) : [];
  return [...columns, ...inside.map((one) => `${me} ${one}`), ...entries(evidence, block, row)];
}

/** Somebody else made it, and a block of its name took it over: adopting never replaces, and the plan says in a note what stays. */
function staysAsAdopted({ outside }: Evidence, row: Row, column: string): boolean {
  return (column === "region" || column === "type") && outside.made.has(idOf(row));
}

/** What the account calls what the file says. */
function columnsOf(block: Block): { readonly [column: string]: unknown } {
  switch (block.what) {
    case "service":
      return serviceColumns(block);
    case "database":
      return { plan: block.plan.replace("-", "_"), region: block.region, version: "18" };
    case "keyValue":
      return { plan: block.plan, region: block.region };
    case "webhook":
      return { url: block.url, eventFilter: block.events };
    case "cadWebhook":
      return { url: block.url, events: block.events };
    case "token":
      return { scope: block.scope };
    case "group":
      return {};
    default:
      return block satisfies never;
  }
}

function serviceColumns({ type, plan, region, command }: ServiceBlock): {
  readonly [column: string]: unknown;
} {
  if (type === "static") return { type: typeNames.static, buildCommand: command };
  return { type: typeNames[type], plan, region, dockerCommand: command };
}

function insideOf(evidence: Evidence, block: ServiceBlock, row: Row): readonly string[] {
  const domains = partsOf(row, "customDomains").map((domain) => String(domain["name"]));
  const size = (row["disk"] as Row | undefined)?.["sizeGB"];
  const groups = reachable(evidence.after, "group", evidence)
    .filter((group) => (group["serviceIds"] as readonly string[]).includes(idOf(row)))
    .map((group) => String(group["name"]));
  return [
    ...different("domains", domains, block.domains),
    ...different("disks", size === undefined ? [] : [size], block.diskGB === undefined ? [] : [block.diskGB]),
    ...different("groups", groups, block.groups),
  ];
}

function different(what: string, found: readonly unknown[], wanted: readonly unknown[]): readonly string[] {
  const [one, other] = [found, wanted].map((items) => JSON.stringify(items.map(String).sort()));
  return one === other ? [] : [`has ${what} ${one}, not ${other}`];
}

function entries(evidence: Evidence, block: Block, row: Row): readonly string[] {
  if (block.what !== "service" && block.what !== "group") return [];
  const found = variablesOf(row);
  const declared = entriesOf(block);
  const me = `${block.what} ${block.name}`;
  const wrong = Object.entries(declared)
    .filter(([key, entry]) => !fits(evidence, entry, found.get(key)))
    .map(([key, { form }]) => `${key} of ${me} is not what the file says (${form})`);
  const extra = [...found.keys()].filter(
    (key) =>
      !declared[key] && evidence.declared.entries.has(`${me} ${key}`) && !evidence.outside.keys.has(key),
  );
  return [...wrong, ...extra.map((key) => `${key} of ${me} was dropped from the file, and is there`)];
}

function fits(evidence: Evidence, entry: Entry, value: string | undefined): boolean {
  if (entry.form === "asked") return true;
  if (value === undefined) return false;
  if (entry.form === "literal") return value === entry.value;
  if (entry.form === "environment") return value === evidence.sources[entry.variable];
  if (entry.form === "generated") return value !== "";
  const [what, column, whole] = refer(entry.form);
  const held = String(rowNamed(evidence, what, entry.of)?.[column]);
  return whole ? value === held : value.includes(held);
}

type Referring = Extract<Entry, { readonly of: string }>["form"];

/** The column that a value comes from, and whether it is all of it. */
function refer(form: Referring): readonly [what: What, column: string, whole: boolean] {
  switch (form) {
    case "database":
      return ["database", "password", false];
    case "keyValue":
      return ["keyValue", "id", false];
    case "host":
      return ["service", "slug", true];
    case "token":
      return ["token", "token", true];
    case "cadSecret":
      return ["cadWebhook", "secret", true];
    case "signingSecret":
      return ["webhook", "secret", true];
    default:
      return form satisfies never;
  }
}

/** What a version since the last calm round declared, and this one does not. */
function leftOver(evidence: Evidence, what: What): readonly string[] {
  const wanted = new Set(
    blocksOf(evidence.files)
      .filter((block) => block.what === what)
      .map(labelOf),
  );
  return reachable(evidence.after, what, evidence)
    .map((row) => ({ label: labelOfRow(what, row), id: idOf(row) }))
    .filter(({ label, id }) => !wanted.has(label) && !evidence.outside.made.has(id))
    .filter(({ label }) => !label.startsWith("their-"))
    .map(({ label, id }) => `${what} ${label} (${id}) is in no file any more, and is there`);
}
