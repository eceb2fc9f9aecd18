import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { emptyInventory } from "../../src/core/model/inventory.ts";
import { openGitStore } from "../../src/store/git/git-store.ts";
import { problemsOf } from "../observe.ts";
import { makeClock } from "./clock.ts";
import { holder, intent, key } from "./contract.ts";
import { makeRepository, type Repository } from "./repository.ts";

const token = "tok-4f1b2c";
let repository: Repository;
let server: Server;
let origin: string;
const asked: string[] = [];
/** The next push is done, and its answer never arrives. */
let losesAnswer = false;

/** git's own server over HTTP, open to one token: as a forge has it. */
beforeAll(async () => {
  repository = await makeRepository();
  await repository.git(repository.remote, "config", "http.receivepack", "true");
  server = createServer((request, response) => {
    const given = Buffer.from(
      (request.headers.authorization ?? "").replace(/^basic /iu, ""),
      "base64",
    ).toString();
    asked.push(given);
    if (given === `x-access-token:${token}`) return serve(request, response);
    response.writeHead(401, { "www-authenticate": 'Basic realm="git"' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}/remote.git`;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await repository.close();
});

/** What CGI asks of a server, as far as git needs it. */
function serve(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? "/", "http://localhost");
  const { headers } = request;
  const env = {
    PATH: process.env["PATH"],
    GIT_PROJECT_ROOT: repository.folder,
    GIT_HTTP_EXPORT_ALL: "1",
    REQUEST_METHOD: request.method,
    PATH_INFO: url.pathname,
    QUERY_STRING: url.search.slice(1),
    CONTENT_TYPE: headers["content-type"] ?? "",
    HTTP_CONTENT_ENCODING: headers["content-encoding"] ?? "",
    HTTP_GIT_PROTOCOL: String(headers["git-protocol"] ?? ""),
    REMOTE_USER: "ada",
  };
  const child = spawn("git", ["http-backend"], { env });
  request.pipe(child.stdin);
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.once("close", () => {
    if (losesAnswer && request.method === "POST" && url.pathname.endsWith("/git-receive-pack")) {
      losesAnswer = false;
      request.socket.destroy();
      return;
    }
    const said = Buffer.concat(chunks);
    const end = said.indexOf("\r\n\r\n");
    const lines = said.subarray(0, end).toString().split("\r\n");
    const pairs = lines.map(
      (line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()] as const,
    );
    const status = pairs.find(([name]) => name === "Status")?.[1] ?? "200";
    for (const [name, value] of pairs) if (name !== "Status") response.setHeader(name, value);
    response.writeHead(Number(status.slice(0, 3))).end(said.subarray(end + 4));
  });
}

async function checkOut(remote: string, header?: string): Promise<string> {
  const folder = await repository.checkOut();
  await repository.git(folder, "remote", "set-url", "origin", remote);
  if (header !== undefined)
    await repository.git(folder, "config", `http.${new URL(remote).origin}/.extraheader`, header);
  return folder;
}

function open(folder: string, more: { readonly [name: string]: string } = {}) {
  const environment = { PATH: process.env["PATH"], HOME: "/nonexistent", ...more };
  return openGitStore({ world: makeClock().world, key, folder, label: "default", environment });
}

test.each(["in the URL", "left by actions/checkout", "given"])(
  "a state is kept through a token %s",
  async (where) => {
    const url = new URL(origin);
    if (where === "in the URL") [url.username, url.password] = ["x-access-token", token];
    const header = `AUTHORIZATION: basic ${Buffer.from(`x-access-token:${token}`).toString("base64")}`;
    const folder = await checkOut(url.href, where === "left by actions/checkout" ? header : undefined);
    const store = open(folder, where === "given" ? { TRUEUP_GIT_TOKEN: token } : {});
    const locked = await store.lock(holder(where));
    await locked.commit((await store.inventory()) ?? emptyInventory("line"));
    await locked.unlock();
    expect((await store.inventory())?.lineage).toBe("line");
  },
);

test("a push whose answer was lost is not made twice", async () => {
  const store = open(await checkOut(origin), { TRUEUP_GIT_TOKEN: token });
  const locked = await store.lock(holder("lost"));
  losesAnswer = true;
  await locked.append(intent("lost", "a"));
  expect(losesAnswer, "one was lost").toBe(false);
  await locked.append(intent("lost", "b"));
  expect(await store.journal()).toEqual([intent("lost", "a"), intent("lost", "b")]);
  losesAnswer = true;
  await locked.unlock();
  expect(await store.lease()).toBeUndefined();
  losesAnswer = true;
  await (await store.lock(holder("next"))).unlock();
});

test("without a token, or with a wrong one, nobody is asked and no message shows it", async () => {
  const folder = await checkOut(origin);
  expect(await problemsOf(open(folder).inventory())).toMatchObject([{ code: "state-unreachable" }]);
  const [refused] = await problemsOf(open(folder, { TRUEUP_GIT_TOKEN: "wrong-9d8e" }).inventory());
  expect(refused).toMatchObject({ code: "state-unreachable" });
  expect(asked).toContain("x-access-token:wrong-9d8e");
  expect(JSON.stringify(refused)).not.toContain("wrong-9d8e");
});
