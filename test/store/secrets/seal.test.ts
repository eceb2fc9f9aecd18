import { generateIdentity, identityToRecipient } from "age-encryption";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Secret } from "../../../src/core/base/secret.ts";
import { isSealed, openSealed, sealSecret } from "../../../src/store/secrets/seal.ts";
import { problemsOf, variablesOf } from "../../observe.ts";
import { openScene, type Scene } from "../../scene.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("a sealed secret", () => {
  test("opens with an identity of any of its recipients, and with no other", async () => {
    const [ada, grace, mallory] = [
      await generateIdentity(),
      await generateIdentity(),
      await generateIdentity(),
    ];
    const recipients = [await identityToRecipient(ada), await identityToRecipient(grace)];
    const sealed = await sealSecret(new Secret("rcad_token"), recipients);
    expect(sealed).not.toContain("rcad_token");
    expect(isSealed(bytes(sealed))).toBe(true);
    expect(await openSealed(bytes(sealed), ada, "it")).toBe("rcad_token");
    expect(await openSealed(bytes(`\n${sealed}\n`), `# mine\n${mallory}\n\n${grace}\n`, "it")).toBe(
      "rcad_token",
    );
    expect(await problemsOf(openSealed(bytes(sealed), mallory, "it"))).toMatchObject([
      { code: "age-unreadable", message: "it cannot be opened with TRUEUP_AGE_IDENTITY." },
    ]);
    const damaged = bytes(sealed.replace(/.{8}\n-----END/u, "AAAAAAAA\n-----END"));
    expect(await problemsOf(openSealed(damaged, ada, "it"))).toMatchObject([{ code: "age-unreadable" }]);
  });

  test("needs real recipients and identities, and no error repeats an identity", async () => {
    expect(await problemsOf(sealSecret(new Secret("x"), ["age1nonsense"]))).toMatchObject([
      { code: "age-recipient", message: "age1nonsense is no age recipient." },
    ]);
    const sealed = await sealSecret(new Secret("x"), [await identityToRecipient(await generateIdentity())]);
    const [found] = await problemsOf(openSealed(bytes(sealed), "AGE-SECRET-KEY-1NONSENSE", "it"));
    expect(found).toMatchObject({ code: "age-identity" });
    expect(JSON.stringify(found)).not.toContain("NONSENSE");
  });

  test("plain text is not taken for one", () => {
    expect(isSealed(bytes("KEY=value\n"))).toBe(false);
    expect(isSealed(bytes(""))).toBe(false);
  });
});

describe("encrypted files", () => {
  let scene: Scene;
  let identity: string;
  let keys: string;
  beforeEach(async () => {
    scene = await openScene();
    keys = await mkdtemp(join(tmpdir(), "trueup-test-"));
    identity = await generateIdentity();
    const seal = async (text: string): Promise<string> =>
      sealSecret(new Secret(text), [await identityToRecipient(identity)]);
    await scene.write(`services:
  - type: worker
    name: jobs
    runtime: node
    plan: starter
    buildCommand: "true"
    startCommand: "true"
    envVars:
      - {key: FROM_FILE, fromFile: secrets/file.age}
      - {key: ASKED, sync: false}
`);
    await scene.write(await seal("from the file\n"), "secrets/file.age");
    await scene.write(await seal("ASKED=from the values\n"), "values.age");
  });
  afterEach(async () => {
    await scene.close();
    await rm(keys, { recursive: true });
  });

  const applyAndLook = async (): Promise<unknown> => {
    const report = await scene.apply({ values: "values.age" });
    expect(report.problems).toEqual([]);
    return variablesOf(scene, "jobs");
  };
  const expected = { FROM_FILE: "from the file", ASKED: "from the values" };

  test("are opened with the key in TRUEUP_AGE_IDENTITY", async () => {
    scene.setVariable("TRUEUP_AGE_IDENTITY", identity);
    expect(await applyAndLook()).toEqual(expected);
  });

  test("are opened with the file that it names", async () => {
    await writeFile(join(keys, "key.txt"), `# created today\n# public key: age1...\n${identity}\n`);
    scene.setVariable("TRUEUP_AGE_IDENTITY", join(keys, "key.txt"));
    expect(await applyAndLook()).toEqual(expected);
  });

  test.each([
    ["", "age-identity", "is not set"],
    ["nowhere.txt", "age-identity", "names is not there"],
    ["AGE-SECRET-KEY-1NONSENSE", "age-identity", "neither an age identity"],
  ])("are an error with TRUEUP_AGE_IDENTITY=%s", async (given, code, words) => {
    scene.setVariable("TRUEUP_AGE_IDENTITY", given);
    const asked = await problemsOf(scene.apply({ values: "values.age" }));
    expect(asked).toMatchObject([{ code, message: expect.stringContaining(words) as string }]);
    const inFile = await problemsOf(scene.apply());
    expect(inFile).toMatchObject([{ code, message: expect.stringContaining(words) as string }]);
  });

  test("are an error with somebody else's identity", async () => {
    scene.setVariable("TRUEUP_AGE_IDENTITY", await generateIdentity());
    expect(await problemsOf(scene.apply())).toMatchObject([
      { code: "age-unreadable", message: "secrets/file.age cannot be opened with TRUEUP_AGE_IDENTITY." },
    ]);
  });
});
