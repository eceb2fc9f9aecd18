import { defineTable } from "../../base/account.ts";
import { readBody, requireChoice, requireText, type Body } from "../../base/body.ts";
import { formatTime, type Microseconds } from "../../base/clock.ts";
import { answerList, filterByRowTimes, filterByValues } from "../../base/list.ts";
import { textOf, type Loader } from "../../server/loader.ts";
import { findReachable, findWorkspace, listReachable, type OwnedRow } from "../../base/owned.ts";
import { answer, fail, noContent, parameter, type Answer, type Call, type Route } from "../../base/route.ts";
import type { World } from "../../base/world.ts";

const registries = ["GITHUB", "GITLAB", "DOCKER", "GOOGLE_ARTIFACT", "AWS_ECR"] as const;

/** A registry credential. All of it is described and was never recorded. `authToken` can be written and not read. */
export type RegistryCredential = OwnedRow & {
  name: string;
  registry: (typeof registries)[number];
  username: string;
  authToken: string;
  readonly createdAt: Microseconds;
  updatedAt: Microseconds;
};

/** The table of registry credentials. */
export const registryCredentials = defineTable<RegistryCredential>("registryCredentials");

const one = "/registrycredentials/{credentialId}";

/** The routes of registry credentials. */
export const registryCredentialRoutes: readonly Route[] = [
  { method: "GET", path: "/registrycredentials", budget: "render/read", handle: listCredentials },
  { method: "POST", path: "/registrycredentials", budget: "render/write", handle: createCredential },
  { method: "GET", path: one, budget: "render/read", handle: showCredential },
  { method: "PATCH", path: one, budget: "render/write", handle: changeCredential },
  { method: "DELETE", path: one, budget: "render/write", handle: deleteCredential },
];

/** Lists credentials as a plain array without cursors. */
function listCredentials(call: Call, world: World): Answer {
  const named = filterByValues(call, listReachable(call, world, registryCredentials), {
    name: (row) => row.name,
    username: (row) => row.username,
    type: (row) => row.registry,
  });
  const rows = filterByRowTimes(call, named);
  return answerList(call, world, { rows, view: viewCredential, createdAt: (row) => row.createdAt });
}

function createCredential(call: Call, world: World): Answer {
  const body = readBody(call);
  const { id: ownerId } = findWorkspace(call, world, requireText(body, "ownerId"));
  const row = insertCredential(world, { ownerId, ...requireFields(body) });
  return answer(world.switches.registryCredentialStatus, viewCredential(row));
}

type Fields = Pick<RegistryCredential, "name" | "registry" | "username" | "authToken">;

function insertCredential(world: World, fields: Fields & { readonly ownerId: string }): RegistryCredential {
  const taken = world.account
    .list(registryCredentials)
    .some((row) => row.ownerId === fields.ownerId && row.name === fields.name);
  if (taken)
    fail(world.switches.duplicateNameStatus, `a registry credential named ${fields.name} exists already`);
  const now = world.stamp();
  return world.account.insert(registryCredentials, {
    id: world.makeId("rgc"),
    createdAt: now,
    updatedAt: now,
    ...fields,
  });
}

/** The fields in a body. All four are required, at a creation and at every change. */
function requireFields(body: Body): Fields {
  return {
    name: requireText(body, "name"),
    registry: requireChoice(body, "registry", registries),
    username: requireText(body, "username"),
    authToken: requireText(body, "authToken"),
  };
}

function showCredential(call: Call, world: World): Answer {
  return answer(200, viewCredential(findCredential(call, world)));
}

function changeCredential(call: Call, world: World): Answer {
  const row = findCredential(call, world);
  Object.assign(row, requireFields(readBody(call)), { updatedAt: world.stamp() });
  return answer(200, viewCredential(row));
}

function deleteCredential(call: Call, world: World): Answer {
  world.account.remove(registryCredentials, findCredential(call, world).id);
  return noContent;
}

function findCredential(call: Call, world: World): RegistryCredential {
  return findReachable(call, world, registryCredentials, parameter(call, "credentialId"));
}

function viewCredential(row: RegistryCredential) {
  const { id, name, registry, username } = row;
  return { id, name, registry, username, updatedAt: formatTime(row.updatedAt) };
}

/** Loads a registry credential of a file. */
export const registryCredentialLoader: Loader = {
  kind: "render/registry-credential",
  load({ address, name, spec }, { world, workspace, ids }) {
    const row = insertCredential(world, {
      ownerId: workspace.id,
      name,
      registry: requireChoice(spec, "registry", registries),
      username: requireText(spec, "username"),
      authToken: "",
    });
    ids.set(address, row.id);
  },
  wire({ address, spec }, loading) {
    const row = loading.world.account.find(registryCredentials, loading.ids.get(address) ?? "");
    if (row) row.authToken = textOf(spec["authToken"], loading);
  },
};
