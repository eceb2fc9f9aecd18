import { afterEach, expect, test } from "vitest";
import { readSavedAccount } from "../../src/simulator/base/account.ts";
import { startClient, stopAll, webService } from "./client.ts";

afterEach(stopAll);

test("a call without the key is unauthorized, an unknown path is not found", async () => {
  const client = await startClient();
  const response = await fetch(`${client.simulator.render}/services`);
  expect(response.status).toBe(401);
  expect(await response.json()).toEqual({ message: "unauthorized" });
  expect((await client.call("GET", "/nothing")).status).toBe(404);
  expect((await client.call("PATCH", "/services", {})).status).toBe(405);
});

test("every answer has the recorded headers, and a body ends with a newline", async () => {
  const client = await startClient();
  const { headers } = await client.call("GET", "/owners");
  expect(headers.get("content-type")).toBe("application/json; charset=utf-8");
  expect(headers.get("vary")).toBe("Origin");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("render-request-id")).toMatch(/^[^/]+\/[^/]+-\d+$/);
  const raw = await fetch(`${client.simulator.render}/services`);
  expect((await raw.text()).endsWith("}\n")).toBe(true);
});

test("406 for an answer that nobody here can give, in whatever words it is asked for", async () => {
  const client = await startClient();
  const authorization = `Bearer ${client.simulator.env["RENDER_API_KEY"]}`;
  const statusOf = async (accept: string): Promise<number> =>
    (await fetch(`${client.simulator.render}/users`, { headers: { authorization, accept } })).status;
  for (const accept of ["text/xml", "text/xml, text/html;q=0.9", "application/json;q=0", ""])
    expect([accept, await statusOf(accept)]).toEqual([accept, accept === "" ? 200 : 406]);
  for (const accept of ["application/json", "text/xml, Application/*;q=0.5", "*/*;q=0.1"])
    expect([accept, await statusOf(accept)]).toEqual([accept, 200]);
});

test("a body that is not JSON, or not an object, is refused", async () => {
  const client = await startClient();
  const authorization = `Bearer ${client.simulator.env["RENDER_API_KEY"]}`;
  const response = await fetch(`${client.simulator.render}/services`, {
    method: "POST",
    headers: { authorization },
    body: "{",
  });
  expect([response.status, await response.json()]).toEqual([400, { message: "invalid JSON body" }]);
  expect((await client.call("POST", "/services", [])).status).toBe(400);
});

test("a saved account starts again as it was, with the same key", async () => {
  const client = await startClient();
  await client.call("POST", "/services", webService(client, "api"));
  const shown = (await client.control("GET", "account")).body;
  expect(shown).toEqual(client.simulator.save());
  const again = await startClient({ saved: client.simulator.save() });
  expect(again.simulator.save()).toEqual(client.simulator.save());
  expect(again.simulator.env["RENDER_API_KEY"]).toBe(client.simulator.env["RENDER_API_KEY"]);
  const next = await again.call("POST", "/services", webService(again, "worker"));
  expect(next.status).toBe(201);
});

test("somebody else's edit needs no budget and stands in the audit log with its actor", async () => {
  const client = await startClient({ limits: { "render/create": { size: 0, windowMs: 1000 } } });
  expect((await client.call("POST", "/services", webService(client, "api"))).status).toBe(429);
  const edit = await client.control("POST", "edit", {
    actor: { email: "grace@acme.test" },
    method: "POST",
    path: "/services",
    body: webService(client, "api"),
  });
  expect(edit.body).toMatchObject({ status: 201 });
  const log = (await client.call("GET", `/owners/${client.owner}/audit-logs`)).body;
  expect(log).toMatchObject([
    { auditLog: { event: "CreateServerEvent", actor: { type: "user", email: "grace@acme.test" } } },
  ]);
});

test("two simulators with one seed have the same keys and ids", async () => {
  const [one, two] = [await startClient({ seed: 3 }), await startClient({ seed: 3 })];
  expect(one.simulator.save()).toEqual(two.simulator.save());
});

test("what is not a saved account, or one of another format, is refused with a reason", async () => {
  const client = await startClient();
  const saved = client.simulator.save();
  expect(readSavedAccount(JSON.parse(JSON.stringify(saved)))).toEqual(saved);
  expect(() => readSavedAccount({})).toThrow("not a saved account");
  expect(() => readSavedAccount({ version: 2, tables: {} })).toThrow("format 2");
});
