import { stringify } from "yaml";
import { kindOf, nameOf } from "../../src/core/base/address.ts";
import type { Desired, DesiredState } from "../../src/core/model/desired.ts";
import { isObject, type Json, type JsonObject } from "../../src/core/base/json.ts";
import type { Value } from "../../src/core/model/value.ts";

type Blocks = { services: JsonObject[]; databases: JsonObject[]; envVarGroups: JsonObject[] };

/** A generated account as the file that describes it: what a person would have written, not what an API answers. */
export function writeStateText({ resources }: DesiredState): string {
  const root = emptyBlocks();
  const environments = new Map<string, Blocks>();
  for (const desired of resources) {
    const environment = desired.environment ? nameOf(desired.environment) : undefined;
    const blocks = environment === undefined ? root : (environments.get(environment) ?? emptyBlocks());
    if (environment !== undefined) environments.set(environment, blocks);
    addBlock(desired, blocks, resources);
  }
  const projects = resources
    .filter(({ kind }) => kind === "render/project")
    .map(({ name }) => ({ name, environments: environmentsOf(name, resources, environments) }));
  return stringify({ ...root, projects }, { aliasDuplicateObjects: false });
}

function emptyBlocks(): Blocks {
  return { services: [], databases: [], envVarGroups: [] };
}

function environmentsOf(
  project: string,
  resources: readonly Desired[],
  blocks: ReadonlyMap<string, Blocks>,
): readonly JsonObject[] {
  return resources
    .filter(({ kind, name }) => kind === "render/environment" && name.startsWith(`${project}/`))
    .map(({ name, spec }) => ({
      name: name.slice(project.length + 1),
      ...(spec as JsonObject),
      ...blocks.get(name),
    }));
}

function addBlock(desired: Desired, blocks: Blocks, resources: readonly Desired[]): void {
  const { kind, name, spec } = desired;
  const envVars = entries(spec["envVars"]).map(([key, value]) => ({ key, ...sourceOf(value, resources) }));
  switch (kind) {
    case "render/service":
      blocks.services.push(serviceBlock(desired, envVars, resources));
      break;
    case "render/key-value":
      blocks.services.push({ type: "keyvalue", name, ...(spec as JsonObject) });
      break;
    case "render/postgres":
      blocks.databases.push({ name, ...(spec as JsonObject) });
      break;
    case "render/env-group":
      blocks.envVarGroups.push({ name, envVars });
      break;
    default:
      // Projects, environments, disks and domains stand around or inside the others.
      break;
  }
}

function serviceBlock(
  { name, spec }: Desired,
  envVars: readonly JsonObject[],
  resources: readonly Desired[],
): JsonObject {
  const { groupLinks, secretFiles, headers, envVars: _variables, ...settings } = spec;
  const disk = resources.find((one) => one.kind === "render/disk" && one.name === name);
  const domains = resources.filter(
    (one) => one.kind === "render/custom-domain" && one.spec["service"] === name,
  );
  const links = isObject(groupLinks) ? Object.keys(groupLinks) : [];
  return {
    name,
    ...(settings as JsonObject),
    envVars: [
      ...envVars,
      ...links.map((link) => ({ fromGroup: link.startsWith("render/") ? nameOf(link as never) : link })),
    ],
    ...(secretFiles !== undefined && {
      secretFiles: entries(secretFiles).map(([file, value]) => ({
        name: file,
        ...sourceOf(value, resources),
      })),
    }),
    ...(headers !== undefined && {
      headers: entries(headers).map(([key, value]) => {
        const [path = "", ...header] = key.split(" ");
        return { path, name: header.join(" "), ...sourceOf(value, resources) };
      }),
    }),
    ...(disk && { disk: disk.spec as JsonObject }),
    ...(domains.length > 0 && { domains: domains.map((domain) => domain.name) }),
  };
}

function entries(field: unknown): readonly (readonly [string, Value])[] {
  return isObject(field) ? (Object.entries(field) as [string, Value][]) : [];
}

function sourceOf(value: Value, resources: readonly Desired[]): { readonly [member: string]: Json } {
  switch (value.from) {
    case "literal":
      return { value: value.text };
    case "generated":
      return { generateValue: true };
    case "output": {
      const name = nameOf(value.of);
      if (kindOf(value.of) === "render/postgres") return { fromDatabase: { name, property: value.output } };
      const target = resources.find(({ address }) => address === value.of);
      const type = kindOf(value.of) === "render/key-value" ? "keyvalue" : (target?.spec["type"] as string);
      return { fromService: { type, name, property: value.output } };
    }
    case "secret-literal":
    case "environment":
    case "file":
    case "asked":
      throw new Error(`the generator makes no value from ${value.from}`);
    default:
      return value satisfies never;
  }
}
