import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startSimulator, type Simulator } from "../../src/simulator/start.ts";
import { runTrueup } from "./start-program.ts";
import { runAtTerminal, terminal, type Typing } from "./start-terminal.ts";

const file = `services:
  - type: web
    name: api
    runtime: image
    image: { url: docker.io/library/nginx }
    plan: starter
    envVars:
      - { key: FIRST_KEY, sync: false }
      - { key: OTHER_KEY, sync: false }
`;
const confirmation = { when: "goes ahead: ", type: "yes\r" };

let folder: string;
let simulator: Simulator;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-test-"));
  await writeFile(join(folder, "trueup.yaml"), file);
  simulator = await startSimulator();
});

afterEach(async () => {
  await simulator.close();
  await rm(folder, { recursive: true });
});

function apply(...typing: readonly Typing[]): Promise<string> {
  return runAtTerminal(["apply", "--no-color", "--no-export"], typing, { folder, env: simulator.env });
}

function valueOf(key: string): unknown {
  const rows: readonly { readonly [column: string]: unknown }[] = simulator.save().tables["services"] ?? [];
  const service = rows.find(({ name }) => name === "api");
  const variables = (service?.["envVars"] ?? []) as readonly { readonly [member: string]: unknown }[];
  return variables.find((variable) => variable["key"] === key)?.["value"];
}

const restored = /mode:(?=.*(?<!-)echo)(?=.*(?<!-)icanon)(?=.*(?<!-)isig)/u;

const where = terminal ? "at a terminal" : "at a terminal (skipped: neither `script` nor python3 is here)";

describe.skipIf(!terminal)(where, () => {
  it("shows the yes and nothing of the secrets that follow it", async () => {
    const screen = await apply(
      confirmation,
      { when: "Value of FIRST_KEY", type: "hunter2-first" },
      { when: "skips it): ", type: "\u007f!\r" },
      { when: "Value of OTHER_KEY", type: "hunter2-other\r" },
    );
    expect(screen).toContain("goes ahead: yes");
    expect(screen).not.toContain("hunter2");
    expect(screen).not.toContain("hunter2-firs!");
    expect(valueOf("FIRST_KEY")).toBe("hunter2-firs!");
    expect(valueOf("OTHER_KEY")).toBe("hunter2-other");
    expect(screen).toContain("code:0");
    expect(screen).toMatch(restored);
  });

  it("takes a pasted key of several lines as one value, and shows none of it", async () => {
    const key = "-----BEGIN KEY-----\rhunter2\r-----END KEY-----";
    const screen = await apply(
      confirmation,
      { when: "Value of FIRST_KEY", type: `\u001b[200~${key}\r\u001b[201~\r` },
      { when: "Value of OTHER_KEY", type: "\r" },
    );
    expect(valueOf("FIRST_KEY")).toBe(key.replaceAll("\r", "\n"));
    expect(valueOf("OTHER_KEY")).toBeUndefined();
    expect(screen).not.toContain("hunter2");
  });

  it("shows the address that is typed where data ends, takes no other word, and hides the value that follows", async () => {
    const database = "databases: [{ name: old, plan: basic-256mb }]\n";
    await writeFile(
      join(folder, "trueup.yaml"),
      `${database}services: [{ type: pserv, name: kept, runtime: image, image: { url: nginx } }]\n`,
    );
    const { code } = await runTrueup(["apply", "--yes"], { folder, env: simulator.env });
    expect(code).toBe(0);
    await writeFile(
      join(folder, "trueup.yaml"),
      `${file}  - { type: pserv, name: kept, runtime: image, image: { url: nginx } }\n`,
    );
    const databases = (): readonly unknown[] => {
      const rows: readonly { readonly [column: string]: unknown }[] =
        simulator.save().tables["postgres"] ?? [];
      return rows.map((row) => row["name"]);
    };
    const word = "Only render/postgres/old goes ahead: ";
    const refused = await apply({ when: word, type: "yes\r" });
    expect(refused).toContain("code:3");
    expect(refused).not.toContain("Value of");
    expect(databases()).toContain("old");
    const screen = await apply(
      { when: word, type: "render/postgres/old\r" },
      { when: "Value of FIRST_KEY", type: "hunter2-first\r" },
      { when: "Value of OTHER_KEY", type: "\r" },
    );
    expect(screen).toContain(`${word}render/postgres/old`);
    expect(screen).not.toContain("hunter2");
    expect(screen).toMatch(restored);
    expect(screen).toContain("code:0");
    expect(valueOf("FIRST_KEY")).toBe("hunter2-first");
    expect(databases()).not.toContain("old");
  });

  it.each([
    ["Ctrl-C at the confirmation", [{ when: "goes ahead: ", type: "ye\u0003" }], "code:130"],
    ["Ctrl-D at the confirmation", [{ when: "goes ahead: ", type: "\u0004" }], "code:3"],
    [
      "a request to stop (SIGTERM)",
      [confirmation, { when: "skips it): ", signal: "SIGTERM" as const }],
      "code:130",
    ],
    ["Ctrl-C at a hidden value", [confirmation, { when: "skips it): ", type: "hunter2\u0003" }], "code:130"],
  ])("%s makes nothing and leaves the terminal as it was", async (_, typing, code) => {
    const screen = await apply(...typing);
    expect(screen).toContain(code);
    expect(screen).toMatch(restored);
    expect(screen).not.toContain("hunter2");
    expect(screen).not.toContain("Value of OTHER_KEY");
    expect(simulator.save().tables["services"] ?? []).toEqual([]);
  });
});
