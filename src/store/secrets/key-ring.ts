import { spawn } from "node:child_process";
import { platform } from "node:os";
import { revealSecret, sameSecret, Secret } from "../../core/base/secret.ts";

/** Environment variables by name. */
export type KeyRingEnvironment = { readonly [name: string]: string | undefined };

/**
 * The key ring of the operating system, for the person that is signed in. When there is none, or it stays locked, nothing is
 * stored or found. None of these throws.
 */
export type KeyRing = {
  /** Stores a secret under a name; true only when it could be read back. */
  readonly store: (account: string, secret: Secret) => Promise<boolean>;
  /** The secret of that name, if there is one and the key ring opens. */
  readonly find: (account: string) => Promise<Secret | undefined>;
  /** Removes the secret of that name; false when the program of the key ring failed. */
  readonly remove: (account: string) => Promise<boolean>;
};

/** A program to run. A secret is given through stdin, since other users can see arguments in the list of processes. */
type Command = { readonly program: string; readonly args: readonly string[]; readonly stdin?: Secret };
type Commands = {
  readonly store: (account: string, secret: Secret) => Command | undefined;
  readonly find: (account: string) => Command;
  readonly remove: (account: string) => Command;
};

const service = "trueup";

/** Linux (GNOME, KDE): `secret-tool` of libsecret. */
const secretTool: Commands = {
  store: (account, secret) => ({
    program: "secret-tool",
    args: ["store", `--label=trueup: ${account}`, "service", service, "account", account],
    stdin: secret,
  }),
  find: (account) => ({
    program: "secret-tool",
    args: ["lookup", "service", service, "account", account],
  }),
  remove: (account) => ({
    program: "secret-tool",
    args: ["clear", "service", service, "account", account],
  }),
};

/** macOS: `security -i` reads commands with their arguments from stdin. */
const keychain: Commands = {
  store: (account, secret) => {
    const words = [account, revealSecret(secret)];
    // No quoting of our own: a text that would need any is kept elsewhere.
    if (!words.every((word) => /^[\w.:/~+=-]{1,1000}$/u.test(word))) return undefined;
    const line = `add-generic-password -U -s ${service} -a ${words[0]} -w ${words[1]}\n`;
    return { program: "security", args: ["-i"], stdin: new Secret(line) };
  },
  find: (account) => ({
    program: "security",
    args: ["find-generic-password", "-s", service, "-a", account, "-w"],
  }),
  remove: (account) => ({
    program: "security",
    args: ["delete-generic-password", "-s", service, "-a", account],
  }),
};

/** The key ring of this system; `undefined` on systems other than Linux and macOS, or without a PATH. */
export function openKeyRing(
  environment: KeyRingEnvironment,
  system: string = platform(),
): KeyRing | undefined {
  const commands = system === "linux" ? secretTool : system === "darwin" ? keychain : undefined;
  if (!commands || (environment["PATH"] ?? "") === "") return undefined;
  const find: KeyRing["find"] = async (account) => {
    const found = (await run(commands.find(account), environment, system))?.replace(/\r?\n$/u, "");
    return found === undefined || found === "" ? undefined : new Secret(found);
  };
  return {
    find,
    store: async (account, secret) => {
      const command = commands.store(account, secret);
      if (!command || (await run(command, environment, system)) === undefined) return false;
      const found = await find(account);
      return found !== undefined && sameSecret(found, secret);
    },
    remove: async (account) => (await run(commands.remove(account), environment, system)) !== undefined,
  };
}

/** The environment variables that these programs get: what they need to find the person's session, and no credentials. */
const passed =
  "PATH HOME USER LOGNAME LANG LC_ALL DISPLAY WAYLAND_DISPLAY XAUTHORITY XDG_RUNTIME_DIR XDG_DATA_HOME DBUS_SESSION_BUS_ADDRESS".split(
    " ",
  );

/** Milliseconds that a program may take. A locked key ring asks its owner on the screen; without a screen no answer will come. */
const longestWithScreen = 60_000;
const longestWithout = 1_000;

/** What the program printed; `undefined` when it is not installed, failed, or took too long. */
function run(
  { program, args, stdin }: Command,
  environment: KeyRingEnvironment,
  system: string,
): Promise<string | undefined> {
  const hasScreen = system === "darwin" || Boolean(environment["DISPLAY"] || environment["WAYLAND_DISPLAY"]);
  const env = Object.fromEntries(passed.map((name) => [name, environment[name]]));
  const child = spawn(program, args, { env, stdio: ["pipe", "pipe", "ignore"] });
  // Not spawn's own limit: its timer outlives a program that is not there, and holds up the end of this one.
  const timer = setTimeout(() => child.kill("SIGKILL"), hasScreen ? longestWithScreen : longestWithout);
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
  // The program may end before it reads its input. Its exit code says enough.
  child.stdin.on("error", () => undefined);
  child.stdin.end(stdin === undefined ? "" : revealSecret(stdin));
  return new Promise<string | undefined>((resolve) => {
    child.once("error", () => resolve(undefined));
    child.once("close", (code) => resolve(code === 0 ? printed : undefined));
  }).finally(() => clearTimeout(timer));
}
