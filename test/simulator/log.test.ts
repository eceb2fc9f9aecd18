import { afterEach, describe, expect, test } from "vitest";
import { makeStillClock, startClient, stopAll, webService } from "./client.ts";

afterEach(stopAll);

type Line = {
  readonly message: string;
  readonly timestamp: string;
  readonly labels: readonly { readonly name: string; readonly value: string }[];
};
type Logs = {
  readonly hasMore: boolean;
  readonly nextStartTime: string;
  readonly nextEndTime: string;
  readonly logs: readonly Line[];
};

/** A service whose first deploy is over: it took five seconds. */
async function deployed(details: object = {}) {
  const clock = makeStillClock();
  const client = await startClient({ clock });
  const created = await client.call("POST", "/services", webService(client, "api", {}, details));
  const { id } = (created.body as { service: { id: string } }).service;
  clock.advance(5000);
  const read = async (query = ""): Promise<Logs> => {
    const answer = await client.call("GET", `/logs?ownerId=${client.owner}&resource=${id}${query}`);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return answer.body as Logs;
  };
  return { clock, client, id, read };
}

const messagesOf = ({ logs }: Logs): readonly string[] => logs.map(({ message }) => message);

describe("logs", () => {
  test("say what a deploy did, newest first, with the labels that filters go by", async () => {
    const { id, read } = await deployed();
    expect(messagesOf(await read("&direction=forward"))).toEqual([
      expect.stringContaining("==> Building https://"),
      "==> Build successful",
      "==> Deploying",
      "==> Your service is live",
    ]);
    const { logs } = await read();
    expect(logs[0]?.message).toBe("==> Your service is live");
    expect(logs[0]?.labels).toContainEqual({ name: "resource", value: id });
    expect(messagesOf(await read("&type=app&text=live"))).toEqual(["==> Your service is live"]);
    expect(messagesOf(await read("&level=error"))).toEqual([]);
  });

  test("end with the reason where a command fails, and have no line of what never began", async () => {
    const { read } = await deployed({ preDeployCommand: "exit 1" });
    expect(messagesOf(await read("&level=error"))).toEqual(["==> Pre-deploy has failed"]);
    expect(messagesOf(await read("&text=Deploying"))).toEqual([]);
  });

  test("of a one-off job are its own, and not those of its service", async () => {
    const { clock, client, id, read } = await deployed();
    const started = await client.call("POST", `/services/${id}/jobs`, { startCommand: "exit 1" });
    const before = messagesOf(await read());
    clock.advance(60_000);
    const job = (started.body as { id: string }).id;
    const answer = await client.call("GET", `/logs?ownerId=${client.owner}&resource=${job}`);
    expect(messagesOf(answer.body as Logs)).toEqual(["==> Exited with status 1", "==> Running 'exit 1'"]);
    expect(messagesOf(await read())).toEqual(before);
  });

  test("come in pages that meet without a gap or a line twice, in both directions", async () => {
    const { read } = await deployed();
    for (const direction of ["forward", "backward"]) {
      const pages: Logs[] = [await read(`&limit=3&direction=${direction}`)];
      const { nextStartTime, nextEndTime } = pages[0]!;
      pages.push(
        await read(`&limit=3&direction=${direction}&startTime=${nextStartTime}&endTime=${nextEndTime}`),
      );
      expect(pages.map(({ hasMore }) => hasMore)).toEqual([true, false]);
      expect(pages.flatMap(messagesOf)).toEqual(messagesOf(await read(`&direction=${direction}`)));
    }
  });

  test("go an hour back unless a time is given", async () => {
    const { clock, read } = await deployed();
    const { logs } = await read();
    clock.advance(2 * 3_600_000);
    expect(messagesOf(await read())).toEqual([]);
    expect((await read(`&startTime=${logs.at(-1)!.timestamp}`)).logs).toEqual(logs);
  });

  test("need a workspace and a resource, and show nothing of another workspace", async () => {
    const { client, id } = await deployed();
    expect((await client.call("GET", `/logs?ownerId=${client.owner}`)).status).toBe(400);
    expect((await client.call("GET", `/logs?resource=${id}`)).status).toBe(404);
    const owners = (await client.call("GET", "/owners")).body as { owner: { id: string } }[];
    const other = owners.find(({ owner }) => owner.id !== client.owner)!.owner.id;
    const answer = await client.call("GET", `/logs?ownerId=${other}&resource=${id}`);
    expect((answer.body as Logs).logs).toEqual([]);
  });
});
