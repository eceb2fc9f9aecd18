import { readBody, readBodyList, readText, requireText, type Body } from "../../base/body.ts";
import {
  answer,
  fail,
  failNotFound,
  noContent,
  parameter,
  type Answer,
  type Route,
} from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { answerEntries, answerReplaced } from "./entry-list.ts";
import { findService, type SecretFileRow } from "../service/service-row.ts";

/** Of all files of a service together (documented). */
const largestTotal = 1024 * 1024;

export function makeSecretFiles(world: World, inputs: readonly Body[]): SecretFileRow[] {
  const rows = inputs.map((input) => makeSecretFile(world, requireText(input, "name"), input));
  const repeated = rows.find((row, index) => rows.findIndex((other) => other.name === row.name) !== index);
  if (repeated) fail(400, `duplicate secret file name: ${repeated.name}`);
  checkTotal(rows);
  return rows;
}

export function makeSecretFile(world: World, name: string, input: Body): SecretFileRow {
  if (name.includes("/")) fail(400, `invalid secret file name: ${name}`);
  const content = readText(input, "content") ?? fail(400, `content is required for ${name}`);
  return { id: world.makeId(""), name, content };
}

function checkTotal(rows: readonly SecretFileRow[]): void {
  const total = rows.reduce((sum, row) => sum + Buffer.byteLength(row.content), 0);
  if (total > largestTotal) fail(400, "the combined size of all secret files must not exceed 1 MB");
}

function viewSecretFile(row: SecretFileRow): { name: string; content: string } {
  return { name: row.name, content: row.content };
}

function findSecretFile(rows: readonly SecretFileRow[], name: string): SecretFileRow {
  return rows.find((row) => row.name === name) ?? failNotFound(name);
}

const collection = "/services/{id}/secret-files";
const single = "/services/{id}/secret-files/{name}";
const shown = { thing: "secretFile", view: viewSecretFile } as const;

/** As variables: no deploy, no bump, contents in clear text (recorded). They answer for static sites too (recorded). */
export const secretFileRoutes: readonly Route[] = [
  {
    method: "GET",
    path: collection,
    budget: "render/read",
    handle: (call, world) => answerEntries(call, world, findService(call, world).secretFiles, shown),
  },
  {
    method: "PUT",
    path: collection,
    budget: "render/write",
    handle(call, world): Answer {
      const service = findService(call, world);
      const rows = makeSecretFiles(world, readBodyList(call));
      for (const row of service.secretFiles) world.account.forgetLater(row.id);
      service.secretFiles = rows;
      return answerReplaced(rows, shown);
    },
  },
  {
    method: "GET",
    path: single,
    budget: "render/read",
    handle: (call, world) =>
      answer(
        200,
        viewSecretFile(findSecretFile(findService(call, world).secretFiles, parameter(call, "name"))),
      ),
  },
  {
    method: "PUT",
    path: single,
    budget: "render/write",
    handle(call, world): Answer {
      const service = findService(call, world);
      const made = makeSecretFile(world, parameter(call, "name"), readBody(call));
      const current = service.secretFiles.find((row) => row.name === made.name);
      checkTotal([...service.secretFiles.filter((row) => row !== current), made]);
      if (current) current.content = made.content;
      else service.secretFiles.push(made);
      // 201 even for a file that was there (described).
      return answer(201, viewSecretFile(made));
    },
  },
  {
    method: "DELETE",
    path: single,
    budget: "render/write",
    handle(call, world): Answer {
      const service = findService(call, world);
      const row = findSecretFile(service.secretFiles, parameter(call, "name"));
      service.secretFiles = service.secretFiles.filter((other) => other !== row);
      world.account.forgetLater(row.id);
      return noContent;
    },
  },
];
