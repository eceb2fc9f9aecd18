import { readBody, readText, requireText, type Body } from "../../base/body.ts";
import { answer, fail, parameter, type Answer, type Route } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { entryRoutes } from "./entry-list.ts";
import { findService, type SecretFileRow } from "../service/service-row.ts";

/** The most bytes that all files of a service may have together (documented). */
const largestTotal = 1024 * 1024;

/** Makes the rows of a whole list of secret files, in the order given. */
export function makeSecretFiles(world: World, inputs: readonly Body[]): SecretFileRow[] {
  const rows = inputs.map((input) => makeSecretFile(world, requireText(input, "name"), input));
  const repeated = rows.find((row, index) => rows.findIndex((other) => other.name === row.name) !== index);
  if (repeated) fail(400, `duplicate secret file name: ${repeated.name}`);
  checkTotal(rows);
  return rows;
}

/** Makes the row of a secret file. */
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

/**
 * The routes of secret files. Like those of variables, they start no deploy, bump nothing, and show contents in clear
 * text (recorded). Static sites have them too (recorded).
 */
export const secretFileRoutes: readonly Route[] = [
  ...entryRoutes<SecretFileRow>({
    path: "secret-files",
    thing: "secretFile",
    view: viewSecretFile,
    rowsOf: (service) => service.secretFiles,
    nameOf: (row) => row.name,
    makeAll: makeSecretFiles,
  }),
  {
    method: "PUT",
    path: "/services/{id}/secret-files/{name}",
    budget: "render/write",
    handle(call, world): Answer {
      const service = findService(call, world);
      const made = makeSecretFile(world, parameter(call, "name"), readBody(call));
      const current = service.secretFiles.find((row) => row.name === made.name);
      checkTotal([...service.secretFiles.filter((row) => row !== current), made]);
      if (current) current.content = made.content;
      else service.secretFiles.push(made);
      // The status is 201 also for a file that was there (described).
      return answer(201, viewSecretFile(made));
    },
  },
];
