import { deliverAll } from "./deliver.ts";
import type { Dice } from "./dice.ts";
import {
  blocksOf,
  entriesOf,
  fileNames,
  type Block,
  type Entries,
  type Entry,
  type Files,
  type ServiceBlock,
  type What,
} from "./model.ts";
import {
  databasePlans,
  deployEvents,
  domainNames,
  freeName,
  keys,
  makeBlock,
  makeEntry,
  mayHaveDisk,
  regions,
  renderEvents,
  scopes,
  servicePlans,
} from "./new-block.ts";

/**
 * What a person does to the files between two runs, one edit at a time. What refers to a block follows it or goes with it,
 * so that every version is one that `validate` accepts. `kind` is for the table of what was exercised: `rename`, `region`.
 */
export type Edited = { readonly kind: string; readonly files: Files; readonly said: string };

const whats: readonly What[] = [
  "service",
  "service",
  "service",
  "group",
  "database",
  "keyValue",
  "webhook",
  "token",
  "cadWebhook",
];

export function firstFiles(dice: Dice): Files {
  let files: Files = { "a.yaml": [], "b.yaml": [] };
  for (let blocks = 7 + dice.below(5); blocks > 0; blocks -= 1) files = add(dice, files)?.files ?? files;
  for (let edits = 6; edits > 0; edits -= 1) files = changeEntry(dice, files)?.files ?? files;
  return deliverAll(files);
}

type EditFiles = (dice: Dice, files: Files) => Edited | undefined;

const edits: readonly EditFiles[] = [
  add,
  add,
  drop,
  drop,
  rename,
  rename,
  changeEntry,
  changeEntry,
  changeEntry,
  changeEntry,
  changeSetting,
  changeSetting,
  changeSetting,
  link,
  changeDomains,
  changeDisk,
  moveBetweenFiles,
  forgetRenames,
];

export function editFiles(dice: Dice, files: Files): Edited {
  for (;;) {
    const edited = dice.pick(edits)(dice, files);
    if (!edited) continue;
    const delivered = deliverAll(edited.files);
    if (blocksOf(delivered).length > 2) return { ...edited, files: delivered };
  }
}

function replace(files: Files, old: Block, ...by: readonly Block[]): Files {
  return mapFiles(files, (block) => (block === old ? by : [block]));
}

function mapFiles(files: Files, change: (block: Block) => readonly Block[]): Files {
  return Object.fromEntries(Object.entries(files).map(([file, blocks]) => [file, blocks.flatMap(change)]));
}

function add(dice: Dice, files: Files): Edited | undefined {
  const block = makeBlock(dice, files, dice.pick(whats));
  if (!block) return undefined;
  const file = dice.chance(0.7) ? fileNames[0] : fileNames[1];
  const more = { ...files, [file]: [...(files[file] ?? []), block] };
  return { kind: `add ${block.what}`, files: more, said: `adds ${block.name} to ${file}` };
}

function drop(dice: Dice, files: Files): Edited {
  const block = dice.pick(blocksOf(files));
  const without = mapFiles(replace(files, block), (other) => [withoutReferences(other, block.name)]);
  return { kind: `drop ${block.what}`, files: without, said: `drops ${block.name}` };
}

function withoutReferences(block: Block, name: string): Block {
  if (block.what !== "service" && block.what !== "group") return block;
  const kept = Object.entries(block.env).filter(([, entry]) => !("of" in entry && entry.of === name));
  const env = Object.fromEntries(kept);
  return block.what === "group"
    ? { ...block, env }
    : { ...block, env, groups: block.groups.filter((group) => group !== name) };
}

/** With and without a line that says so; the second is another resource. */
function rename(dice: Dice, files: Files): Edited | undefined {
  const block = dice.pick(blocksOf(files));
  const name = freeName(dice, files, block.what);
  if (name === undefined || block.renamedFrom !== undefined) return undefined;
  const isTold = block.what !== "cadWebhook" && dice.chance(0.6);
  const renamed: Block = { ...block, name, ...(isTold && { renamedFrom: block.name }) };
  const all = mapFiles(replace(files, block, renamed), (other) => [withReferences(other, block.name, name)]);
  const how = isTold ? "renames" : "renames without a word";
  return {
    kind: isTold ? "rename" : "rename, not told",
    files: all,
    said: `${how} ${block.name} to ${name}`,
  };
}

/**
 * A block that was dropped is there again. A RENDERCAD webhook may stand there under another name by now: it gets its name back, since
 * its URL is what RENDERCAD knows it by.
 */
export function putBack(files: Files, file: string, block: Block): Files {
  const same = blocksOf(files).find(
    (one) => one.what === "cadWebhook" && block.what === "cadWebhook" && one.url === block.url,
  );
  const without = same === undefined ? files : mapFiles(files, (one) => (one === same ? [] : [one]));
  const back = { ...without, [file]: [...(without[file] ?? []), block] };
  const named =
    same === undefined ? back : mapFiles(back, (one) => [withReferences(one, same.name, block.name)]);
  return deliverAll(named);
}

function withReferences(block: Block, from: string, to: string): Block {
  if (block.what !== "service" && block.what !== "group") return block;
  const follow = ([key, entry]: [string, Entry]): [string, Entry] => [
    key,
    "of" in entry && entry.of === from ? { ...entry, of: to } : entry,
  ];
  const env = Object.fromEntries(Object.entries(block.env).map(follow));
  return block.what === "group"
    ? { ...block, env }
    : { ...block, env, groups: block.groups.map((group) => (group === from ? to : group)) };
}

/** Somebody tidies up. */
function forgetRenames(_dice: Dice, files: Files): Edited | undefined {
  if (!blocksOf(files).some(({ renamedFrom }) => renamedFrom !== undefined)) return undefined;
  const tidy = mapFiles(files, ({ renamedFrom: _renamedFrom, ...block }) => [block]);
  return { kind: "forget renames", files: tidy, said: "takes renamedFrom out" };
}

function changeEntry(dice: Dice, files: Files): Edited | undefined {
  const holders = blocksOf(files).filter((block) => block.what === "service" || block.what === "group");
  if (holders.length === 0) return undefined;
  const block = dice.pick(holders);
  const there = Object.keys(block.env);
  const isDrop = there.length > 0 && dice.chance(0.3);
  const key = dice.pick(isDrop ? there : keys);
  const { [key]: old, ...others } = block.env;
  // A service that refers to itself is a circle of its own, which other tests walk.
  const entry = makeEntry(dice, replace(files, block), block.what);
  const env: Entries = isDrop ? others : { ...others, [key]: entry };
  const kind = isDrop ? `entry dropped (${old?.form ?? ""})` : `entry ${entry.form}`;
  const said = `${isDrop ? "drops" : "sets"} ${key} of ${block.name}${isDrop ? "" : ` to ${JSON.stringify(entry)}`}`;
  return { kind, files: replace(files, block, { ...block, env }), said };
}

function changeSetting(dice: Dice, files: Files): Edited | undefined {
  const block = dice.pick(blocksOf(files));
  const changed = change(dice, block);
  if (!changed) return undefined;
  const [setting, made] = changed;
  const kept = setting === "type" ? mapFiles(files, (one) => [withoutHosts(one, block)]) : files;
  const there = blocksOf(kept).find(({ name, what }) => name === block.name && what === block.what) ?? block;
  return {
    kind: `${block.what} ${setting}`,
    files: replace(kept, there, made),
    said: `changes ${setting} of ${block.name}`,
  };
}

/** What is no private service any more has no host to refer to. */
function withoutHosts(block: Block, target: Block): Block {
  const refers = Object.values(entriesOf(block)).some(
    (entry) => entry.form === "host" && entry.of === target.name,
  );
  return refers ? withoutReferences(block, target.name) : block;
}

function change(dice: Dice, block: Block): readonly [setting: string, block: Block] | undefined {
  const another = (values: readonly string[], old: string): string =>
    dice.pick(values.filter((one) => one !== old));
  switch (block.what) {
    case "service":
      return changeService(dice, block);
    case "database":
    case "keyValue": {
      const plans = block.what === "database" ? databasePlans : servicePlans;
      if (dice.chance(0.5)) return ["region", { ...block, region: another(regions, block.region) }];
      return ["plan", { ...block, plan: another(plans, block.plan) }];
    }
    case "token":
      return ["scope", { ...block, scope: another(scopes, block.scope) }];
    case "webhook":
    case "cadWebhook": {
      const names = block.what === "webhook" ? deployEvents : renderEvents;
      if (dice.chance(0.3)) return ["url", { ...block, url: `${block.url}x`.replace(/xxx$/u, "") }];
      return ["events", { ...block, events: [another(names, block.events[0] ?? "")] }];
    }
    case "group":
      return undefined;
    default:
      return block satisfies never;
  }
}

function changeService(
  dice: Dice,
  block: ServiceBlock,
): readonly [setting: string, block: Block] | undefined {
  const drawn = dice.next();
  if (drawn < 0.15 && block.type !== "static") {
    const types = (["web", "pserv", "worker"] as const).filter((type) => type !== block.type);
    const type = dice.pick(types);
    return ["type", { ...block, type, domains: type === "web" ? block.domains : [] }];
  }
  if (drawn < 0.4 && block.type !== "static")
    return ["region", { ...block, region: dice.pick(regions.filter((region) => region !== block.region)) }];
  if (drawn < 0.7 && block.type !== "static")
    return ["plan", { ...block, plan: block.plan === "starter" ? "standard" : "starter" }];
  return ["command", { ...block, command: `./run ${3 + dice.below(100)}` }];
}

function link(dice: Dice, files: Files): Edited | undefined {
  const services = blocksOf(files).filter((block) => block.what === "service");
  const groups = blocksOf(files).filter((block) => block.what === "group");
  if (services.length === 0 || groups.length === 0) return undefined;
  const [service, group] = [dice.pick(services), dice.pick(groups)];
  const isLinked = service.groups.includes(group.name);
  const linked = isLinked
    ? service.groups.filter((one) => one !== group.name)
    : [...service.groups, group.name];
  const said = `${isLinked ? "unlinks" : "links"} ${group.name} and ${service.name}`;
  return {
    kind: isLinked ? "unlink" : "link",
    files: replace(files, service, { ...service, groups: linked }),
    said,
  };
}

/** Also from one service to another. */
function changeDomains(dice: Dice, files: Files): Edited | undefined {
  const services = blocksOf(files).filter(
    (block) => block.what === "service" && (block.type === "web" || block.type === "static"),
  );
  if (services.length === 0) return undefined;
  const { name: service } = dice.pick(services);
  const domain = dice.pick(domainNames);
  let kind = "domain added";
  const moved = mapFiles(files, (block) => {
    if (block.what !== "service") return [block];
    const has = block.domains.includes(domain);
    const others = block.domains.filter((one) => one !== domain);
    if (has) kind = block.name === service ? "domain dropped" : "domain moved";
    return [{ ...block, domains: block.name === service && !has ? [...others, domain] : others }];
  });
  return { kind, files: moved, said: `${kind}: ${domain} at ${service}` };
}

function changeDisk(dice: Dice, files: Files): Edited | undefined {
  const services = blocksOf(files).filter((block) => block.what === "service" && mayHaveDisk(block.type));
  if (services.length === 0) return undefined;
  const block = dice.pick(services);
  if (block.what !== "service") return undefined;
  const { diskGB, ...without } = block;
  const isDrop = diskGB !== undefined && dice.chance(0.5);
  const changed: Block = isDrop ? without : { ...block, diskGB: (diskGB ?? 0) + 1 };
  const kind = isDrop ? "disk dropped" : diskGB === undefined ? "disk added" : "disk grown";
  return { kind, files: replace(files, block, changed), said: `${kind} at ${block.name}` };
}

function moveBetweenFiles(dice: Dice, files: Files): Edited {
  const block = dice.pick(blocksOf(files));
  const isInFirst = (files[fileNames[0]] ?? []).includes(block);
  const [from, to] = isInFirst ? fileNames : ([fileNames[1], fileNames[0]] as const);
  const without = replace(files, block);
  return {
    kind: "move to the other file",
    files: { ...without, [to]: [...(without[to] ?? []), block] },
    said: `moves ${block.name} from ${from} to ${to}`,
  };
}
