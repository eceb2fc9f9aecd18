import { Readable, Writable } from "node:stream";
import { afterEach, describe, expect, test } from "vitest";
import { verifyHook, type HooksVerifyInput } from "../../src/commands/hooks-verify.ts";
import { ProblemError } from "../../src/core/base/problem.ts";
import { Secret } from "../../src/core/base/secret.ts";
import { usualTolerance, verifySignature } from "../../src/core/protocol/webhook-signature.ts";
import { runProgram } from "../../src/shells/cli/program.ts";
import type { Shell } from "../../src/shells/cli/base/shell.ts";
import { renderHook, type HookReport } from "../../src/views/account/hook-signature.ts";
import { stopAll } from "../simulator/client.ts";
import {
  startReceiver,
  startRendercad,
  submitImage,
  textOf,
  type Received,
} from "../simulator/rendercad/client.ts";

const receivers: { close(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(receivers.splice(0).map((receiver) => receiver.close()));
  await stopAll();
});

/** What the simulated RENDERCAD really signed and sent. */
async function receiveDelivery(): Promise<Received & { readonly secret: string }> {
  const rendercad = await startRendercad();
  const receiver = await startReceiver(rendercad);
  receivers.push(receiver);
  const hook = { url: "https://acme.test/hook", events: ["render.completed"] };
  const secret = textOf(await rendercad.post("webhooks.php?action=register", hook), "secret");
  await submitImage(rendercad);
  rendercad.clock.advance(60_000);
  await rendercad.control("settle");
  const [received] = receiver.received;
  if (!received) throw new Error("nothing was delivered");
  return { ...received, secret };
}

/** The example that the libraries of Standard Webhooks publish. */
const published = {
  secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  body: '{"test": 2432232314}',
  at: 1_614_265_330_000,
  headers: {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  },
};

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function linesOf(headers: { readonly [name: string]: unknown }): readonly string[] {
  return Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`);
}

function verify(
  input: Omit<HooksVerifyInput, "stdin" | "headers"> & { stdin: string; headers?: readonly string[] },
  { secret, now = published.at }: { readonly secret: string; readonly now?: number },
): Promise<HookReport> {
  const { stdin, headers = [], ...rest } = input;
  return verifyHook(
    { secretEnv: "HOOK_SECRET", ...rest, stdin: bytesOf(stdin), headers },
    {
      environment: { HOOK_SECRET: secret },
      folder: "/",
      readFile: async (path) => (path === "/secret.txt" ? bytesOf(`${secret}\n`) : undefined),
      world: { now: () => now },
    },
  );
}

async function refusalOf(asked: Promise<unknown>): Promise<string> {
  const error: unknown = await asked.catch((caught: unknown) => caught);
  if (!(error instanceof ProblemError)) throw new Error(`no problem: ${JSON.stringify(error)}`);
  return error.problems.map(({ code, message }) => `${code}: ${message}`).join("\n");
}

describe("a delivery of RENDERCAD", () => {
  test("fits its secret, as headers and body or as the whole request, and no other secret or body", async () => {
    const { headers, text, secret } = await receiveDelivery();
    const body = { stdin: text, headers: linesOf(headers) };
    const valid = { verdict: "valid", side: "rendercad", bytes: text.length };
    expect(await verify(body, { secret })).toMatchObject(valid);
    const whole = `POST /hook HTTP/1.1\r\n${linesOf(headers).join("\r\n")}\r\n\r\n${text}`;
    expect(await verify({ stdin: whole }, { secret })).toMatchObject(valid);
    expect(await verify(body, { secret: `${secret}x` })).toMatchObject({ verdict: "mismatch" });
    const changed = { ...body, stdin: text.replace("completed", "complete") };
    expect(await verify(changed, { secret })).toMatchObject({ verdict: "mismatch" });
    const printedAgain = { ...body, stdin: JSON.stringify(JSON.parse(text), null, 1) };
    expect(await verify(printedAgain, { secret })).toMatchObject({ verdict: "mismatch" });
  });

  test("whose body got a final newline is told so; Content-Length takes it off a whole request", async () => {
    const { headers, text, secret } = await receiveDelivery();
    const report = await verify({ stdin: `${text}\n`, headers: linesOf(headers) }, { secret });
    expect(report).toMatchObject({ verdict: "mismatch", finalNewline: true });
    const wrong = await verify({ stdin: `${text}\n`, headers: linesOf(headers) }, { secret: "whsec_other" });
    expect(wrong).not.toHaveProperty("finalNewline");
    const whole = `${linesOf(headers).join("\n")}\n\n${text}\n`;
    expect(await verify({ stdin: whole }, { secret })).toMatchObject({ verdict: "valid" });
  });

  test("has no time in its signature, so that its last retry is as valid as its first attempt", async () => {
    const { headers, text, secret } = await receiveDelivery();
    const later = { secret, now: Date.UTC(2030, 0, 1) };
    expect(await verify({ stdin: text, headers: linesOf(headers) }, later)).toMatchObject({
      verdict: "valid",
    });
  });
});

describe("a delivery of Render", () => {
  const { secret, at, body, headers } = published;
  const asked = { stdin: body, headers: linesOf(headers) };

  test("fits the published example of Standard Webhooks", async () => {
    expect(await verify(asked, { secret })).toMatchObject({ verdict: "valid", side: "render", signedAt: at });
    const bare = secret.replace("whsec_", "");
    expect(await verify(asked, { secret: bare })).toMatchObject({ verdict: "valid" });
  });

  test("is stale when it was signed more than five minutes from now, either way, unless a longer time is allowed", async () => {
    const minutes = (count: number) => verify(asked, { secret, now: at + count * 60_000 });
    expect((await minutes(5)).verdict).toBe("valid");
    expect((await minutes(5.01)).verdict).toBe("stale");
    expect((await minutes(-5)).verdict).toBe("valid");
    expect((await minutes(-5.01)).verdict).toBe("stale");
    const kept = { ...asked, tolerance: 10 * 86_400_000 };
    expect((await verify(kept, { secret, now: at + 9 * 86_400_000 })).verdict).toBe("valid");
  });

  test("tells of a wrong secret before it tells of the time", async () => {
    const other = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    expect((await verify(asked, { secret: other, now: at + 86_400_000 })).verdict).toBe("mismatch");
  });

  test("fits when one of several signatures does; schemes other than v1 count for nothing", async () => {
    const right = headers["webhook-signature"];
    const signedAs = (signature: string) =>
      verify({ ...asked, headers: linesOf({ ...headers, "webhook-signature": signature }) }, { secret });
    const other = `v1,${Buffer.alloc(32, 7).toString("base64")}`;
    expect((await signedAs(`${other} ${right}`)).verdict).toBe("valid");
    expect((await signedAs(`${other} ${right.replace("v1,", "v2,")}`)).verdict).toBe("mismatch");
    expect((await signedAs(right.replace("v1,", "v1a,"))).verdict).toBe("malformed");
  });

  test.each([
    ["webhook-id", ""],
    ["webhook-timestamp", "2021-02-25"],
    ["webhook-timestamp", "-1614265330"],
    ["webhook-signature", "v1,short="],
    ["webhook-signature", "v1,"],
  ])("with the %s %j is malformed, and the message names the header", async (name, value) => {
    const report = await verify({ ...asked, headers: linesOf({ ...headers, [name]: value }) }, { secret });
    expect(report).toMatchObject({ verdict: "malformed", problem: expect.stringContaining(name) as string });
  });

  test("a secret that is no base64 is told as such, without it", async () => {
    const report = await verify(asked, { secret: "whsec_no base64" });
    expect(report.verdict).toBe("malformed");
    expect(JSON.stringify(report)).not.toContain("no base64 ");
    expect(renderHook(report, { columns: 80, colour: false, unicode: true })).not.toContain("whsec_no");
  });
});

test("a receiver for one side never takes the other's signature for it", () => {
  const check = { secret: new Secret(published.secret), now: published.at, tolerance: usualTolerance };
  const delivery = { headers: published.headers, body: bytesOf(published.body) };
  expect(verifySignature("render", delivery, check).verdict).toBe("valid");
  expect(verifySignature("rendercad", delivery, check).verdict).toBe("malformed");
});

describe("what cannot be checked is refused", () => {
  const { secret } = published;
  const line = linesOf(published.headers);
  test.each([
    [
      "no signature",
      { stdin: "{}", headers: ["Content-Type: application/json"] },
      /^signature-missing: There is no/,
    ],
    [
      "two signatures",
      { stdin: "{}", headers: [...line, "X-Webhook-Signature: sha256=00"] },
      /^signature-missing: .*both/,
    ],
    ["no empty line", { stdin: '{"test": 1}' }, /^request-form: No empty line/],
    ["a header that is none", { stdin: "{}", headers: ["X-Webhook-Signature"] }, /^request-form: Header 1/],
    [
      "a body in chunks",
      { stdin: `${line.join("\n")}\nTransfer-Encoding: chunked\n\n2\n{}\n` },
      /^request-form: .*chunks/,
    ],
    [
      "a body cut short",
      { stdin: `${line.join("\n")}\nContent-Length: 20\n\n{}` },
      /^request-form: The body has 2 bytes/,
    ],
  ])("%s", async (_, input, refusal) => {
    expect(await refusalOf(verify(input, { secret }))).toMatch(refusal);
  });

  test("a secret that is not there, or in two places", async () => {
    const delivery = { stdin: published.body, headers: line };
    expect(await refusalOf(verify(delivery, { secret: "" }))).toMatch(/^secret-missing: .*--secret-env/);
    const missing = { stdin: bytesOf(published.body), headers: line, secretFile: "no.txt" };
    const deps = { environment: {}, folder: "/", readFile: async () => undefined, world: { now: () => 0 } };
    expect(await refusalOf(verifyHook(missing, deps))).toMatch(/^secret-missing: The file no\.txt/);
    const both = { ...delivery, secretFile: "secret.txt" };
    expect(await refusalOf(verify(both, { secret }))).toMatch(/^secret-missing: .*one place/);
  });
});

describe("trueup hooks verify", () => {
  async function run(args: readonly string[], stdin: Readable, env: Shell["env"] = {}) {
    let [stdout, stderr] = ["", ""];
    const shell: Shell = {
      stdin: stdin as Shell["stdin"],
      stdout: new Writable({ write: (piece, _, done) => done(void (stdout += String(piece))) }),
      stderr: new Writable({ write: (piece, _, done) => done(void (stderr += String(piece))) }),
      env: { COLUMNS: "80", ...env },
      program: "",
    };
    const code = await runProgram(["hooks", "verify", ...args], shell);
    return { code, stdout, stderr };
  }
  const env = { HOOK_SECRET: published.secret };
  const request = Buffer.from(`${linesOf(published.headers).join("\n")}\n\n${published.body}`);
  /** In pieces, as a pipe gives them. */
  const piped = () => Readable.from([request.subarray(0, 30), request.subarray(30)]);

  test("exits 0 for a valid one, 1 for any other, and --json says the same", async () => {
    const kept = ["--secret-env", "HOOK_SECRET", "--tolerance", "99999d"];
    expect(await run(kept, piped(), env)).toEqual({
      code: 0,
      stdout: "✓ valid  signed by Render with this secret at 2021-02-25T15:02:10Z, 20 bytes\n",
      stderr: "",
    });
    const stale = await run(["--secret-env", "HOOK_SECRET", "--json"], piped(), env);
    expect(stale).toMatchObject({ code: 1, stderr: "" });
    expect(JSON.parse(stale.stdout)).toEqual({
      formatVersion: "1.0",
      kind: "signature",
      verdict: "failed",
      valid: false,
      signature: "stale",
      side: "render",
      bytes: 20,
      signedAt: "2021-02-25T15:02:10.000Z",
    });
  });

  test("never prints the secret, and a terminal as stdin is told what to pipe", async () => {
    for (const args of [["--secret-env", "HOOK_SECRET"], ["--secret-env", published.secret], []]) {
      const { code, stdout, stderr } = await run(args, piped(), { HOOK_SECRET: "whsec_plain secret" });
      expect(code).toBe(1);
      expect(stdout + stderr).not.toContain("plain secret");
      expect(stdout + stderr).not.toContain(published.secret);
    }
    const terminal = Object.assign(Readable.from([]), { isTTY: true });
    expect((await run(["--secret-env", "HOOK_SECRET"], terminal, env)).stderr).toContain("< request.txt");
  });
});
