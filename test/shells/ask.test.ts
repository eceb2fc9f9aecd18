import { PassThrough } from "node:stream";
import type { ReadStream } from "node:tty";
import { describe, expect, it } from "vitest";
import { revealSecret } from "../../src/core/base/secret.ts";
import { askForValue, askToApply, type People } from "../../src/shells/cli/terminal/ask.ts";

/** A keyboard and a screen; what is typed comes once the question is on the screen. */
function seat(
  typed: string,
  isTTY = true,
): { people: People; shown: () => string; interrupts: () => number; stop: AbortController } {
  const stop = new AbortController();
  const input = Object.assign(new PassThrough(), { isTTY, setRawMode: () => input }) as unknown as ReadStream;
  let [shown, interrupts] = ["", 0];
  const output = new PassThrough();
  output.on("data", (chunk: Buffer) => {
    if (shown === "") (input as unknown as PassThrough).write(typed);
    shown += chunk.toString();
  });
  return {
    people: { input, output, onInterrupt: () => void (interrupts += 1), stop: stop.signal },
    shown: () => shown,
    interrupts: () => interrupts,
    stop,
  };
}

describe("askToApply", () => {
  it("takes the word yes for a yes, and nothing else", async () => {
    expect(await askToApply("yes", seat("yes\r").people)).toBe("yes");
    for (const typed of ["y\r", "Yes\r", "\r", "no\r"])
      expect(await askToApply("yes", seat(typed).people)).toBe("no");
  });

  it("takes the end of input and Ctrl-C for no, and tells of the second", async () => {
    expect(await askToApply("yes", seat("\u0004").people)).toBe("no");
    const interrupted = seat("ye\u0003");
    expect(await askToApply("yes", interrupted.people)).toBe("no");
    expect(interrupted.interrupts()).toBe(1);
  });

  it("cannot ask where no terminal is", async () => {
    const pipe = seat("yes\r", false);
    expect(await askToApply("yes", pipe.people)).toBe("unable");
    expect(pipe.shown()).toBe("");
  });
});

describe("askForValue", () => {
  it("shows the question and nothing of the answer", async () => {
    const { people, shown } = seat("hunter2\r");
    const secret = await askForValue("render/service/api", "STRIPE_KEY", people);
    expect(secret && revealSecret(secret)).toBe("hunter2");
    expect(shown()).toContain("Value of STRIPE_KEY for render/service/api");
    for (const part of ["hunter2", "hun", "ter2"]) expect(shown()).not.toContain(part);
  });

  it("takes a value of several lines when it is pasted, without the line break at its end", async () => {
    const pasted = "\u001b[200~-----BEGIN KEY-----\rabc\r-----END KEY-----\r\u001b[201~\r";
    const { people, shown } = seat(pasted);
    const secret = await askForValue("render/service/api", "TLS_KEY", people);
    expect(secret && revealSecret(secret)).toBe("-----BEGIN KEY-----\nabc\n-----END KEY-----");
    expect(shown()).not.toContain("BEGIN");
  });

  it("answers no other question with what came after the line", async () => {
    const { people } = seat("one\rtwo\r");
    const secret = await askForValue("render/service/api", "A", people);
    expect(secret && revealSecret(secret)).toBe("one");
    expect(people.input.listenerCount("data")).toBe(0);
    expect(people.input.read()).toBeNull();
  });

  it("ends without a value when the program is told to stop, and does not ask again", async () => {
    const { people, stop, shown } = seat("half");
    const value = askForValue("render/service/api", "A", people);
    stop.abort();
    expect(await value).toBeUndefined();
    expect(await askForValue("render/service/api", "OTHER", people)).toBeUndefined();
    expect(shown()).not.toContain("OTHER");
  });

  it("takes an empty line as no value", async () => {
    expect(await askForValue("render/service/api", "STRIPE_KEY", seat("\r").people)).toBeUndefined();
  });
});
