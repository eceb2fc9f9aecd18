import type { Address } from "../../core/base/address.ts";
import { isLoopback } from "../../core/base/loopback.ts";
import type { Write } from "../../core/model/write.ts";
import type { Proof } from "../../core/kind/rotating.ts";
import type { Secret } from "../../core/base/secret.ts";
import { interrupted } from "../../http/client.ts";
import { CallError } from "../../http/failure.ts";
import { type Announce, stepFailed } from "../memory/perform-input.ts";
import type { RunMemory } from "../memory/run-memory.ts";

type Proving = Pick<RunMemory, "input" | "reach" | "resources" | "shownOnce">;

const uploadTimeout = 60_000;

/** Proves a new value by signing in with it, as its destinations do by now. Throws `not-proven` when it does not work; then nothing is revoked. */
export async function proveValue(memory: Proving, address: Address, announce: Announce): Promise<void> {
  const { shownOnce = [], rotation } = memory.reach.kind(address);
  const [output] = shownOnce;
  const desired = memory.input.desired.get(address);
  const value = output === undefined ? undefined : await memory.shownOnce.find(address, output);
  if (!rotation?.prove || !desired || value?.state !== "known") return;
  const proof = makeProof(memory, address, value.secret, announce);
  const result = await rotation.prove(proof, desired).catch((error: unknown) => {
    // A value that the API does not know is refused as such: that is what was asked, and no failure of the run's own.
    if (error instanceof CallError && error.status === 401) return { failed: "RENDERCAD does not know it" };
    throw error;
  });
  if (result === "works") return;
  throw stepFailed(
    address,
    "not-proven",
    `The new value of ${address} was tried and does not work: ${result.failed}.`,
    "Nothing was revoked, so the old one still works. Run again.",
  );
}

function makeProof(
  { input, reach, resources }: Proving,
  address: Address,
  secret: Secret,
  announce: Announce,
): Proof {
  const { provider } = reach.kind(address);
  const { world, readerAs, writers } = input;
  const writer = writers.as(provider, secret);
  return {
    reader: readerAs(provider, secret),
    send: ({ method, path, body, budgets }: Write) => {
      const content = async () => {
        await announce({ method, path, name: resources.nameOf(address) });
        return { ...(body !== undefined && { text: JSON.stringify(body) }), secrets: [] };
      };
      return writer.send({ method, path, budgets, content });
    },
    upload: async (url, contentType, bytes) => {
      if (!isSafe(url)) return false;
      const headers = { "content-type": contentType };
      const { status } = await world.send({
        method: "PUT",
        url,
        headers,
        file: bytes,
        timeout: uploadTimeout,
      });
      return status >= 200 && status < 300;
    },
    sleep: async (pause) => {
      if (world.stop.aborted) throw interrupted();
      await world.sleep(pause);
    },
  };
}

/** Whether a URL that an answer names for an upload may be used: over https, or on this machine. */
function isSafe(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" || isLoopback(hostname);
}
