import { spawn } from "node:child_process";
import { isObject } from "../../src/core/base/json.ts";

/** Talks to yaml-language-server, which VS Code, Neovim, Helix, Zed and others use, as an editor does: JSON-RPC on stdio. */
export type LanguageServer = {
  readonly open: (text: string) => void;
  /** Lines and characters from 0. */
  readonly hover: (line: number, character: number) => Promise<string>;
  readonly complete: (line: number, character: number) => Promise<readonly string[]>;
  /** Messages of the problems of the text that was opened. */
  readonly problems: () => Promise<readonly string[]>;
  readonly close: () => void;
};

const uri = "file:///shop/trueup.yaml";

/** `command`: the program; `schema`: the address of the schema, for files that have no line of their own for it. */
export async function startLanguageServer(command: string, schema: string): Promise<LanguageServer> {
  const child = spawn(process.execPath, [command, "--stdio"], { stdio: ["pipe", "pipe", "ignore"] });
  const waiting = new Map<number, (result: unknown) => void>();
  let [buffer, next] = [Buffer.alloc(0), 1];
  let found: ((messages: readonly string[]) => void) | undefined;
  let known: readonly string[] | undefined;

  const write = (message: object): void => {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  const ask = (method: string, params: object): Promise<unknown> => {
    const id = next++;
    write({ id, method, params });
    return new Promise((resolve) => waiting.set(id, resolve));
  };
  const handle = (message: { readonly [member: string]: unknown }): void => {
    const { id, method, params, result } = message;
    if (method === "textDocument/publishDiagnostics" && isObject(params)) {
      const all = Array.isArray(params["diagnostics"]) ? (params["diagnostics"] as unknown[]) : [];
      known = all.flatMap((one) => (isObject(one) ? [String(one["message"])] : []));
      found?.(known);
    } else if (method === "workspace/configuration" && isObject(params)) {
      const items = Array.isArray(params["items"]) ? (params["items"] as unknown[]) : [];
      const yaml = { schemas: { [schema]: ["trueup.yaml"] }, hover: true, completion: true, validate: true };
      const settings = items.map((item) => (isObject(item) && item["section"] === "yaml" ? yaml : {}));
      write({ id, result: settings });
    } else if (method !== undefined && id !== undefined) write({ id, result: null });
    else if (typeof id === "number") waiting.get(id)?.(result);
  };
  child.stdout.on("data", (piece: Buffer) => {
    buffer = Buffer.concat([buffer, piece]);
    for (;;) {
      const end = buffer.indexOf("\r\n\r\n");
      const length = Number(
        /Content-Length: (\d+)/iu.exec(buffer.subarray(0, Math.max(end, 0)).toString())?.[1],
      );
      if (end < 0 || buffer.length < end + 4 + length) return;
      const body: unknown = JSON.parse(buffer.subarray(end + 4, end + 4 + length).toString());
      buffer = buffer.subarray(end + 4 + length);
      if (isObject(body)) handle(body);
    }
  });
  await ask("initialize", {
    processId: process.pid,
    rootUri: null,
    capabilities: {
      workspace: { configuration: true },
      textDocument: { hover: { contentFormat: ["markdown"] } },
    },
  });
  write({ method: "initialized", params: {} });
  let version = 0;
  return {
    open: (text) => {
      known = undefined;
      version += 1;
      const textDocument = { uri, languageId: "yaml", version };
      if (version === 1)
        write({ method: "textDocument/didOpen", params: { textDocument: { ...textDocument, text } } });
      else write({ method: "textDocument/didChange", params: { textDocument, contentChanges: [{ text }] } });
    },
    hover: async (line, character) => {
      const told = await ask("textDocument/hover", { textDocument: { uri }, position: { line, character } });
      const contents = isObject(told) ? told["contents"] : undefined;
      return isObject(contents) ? String(contents["value"]) : "";
    },
    complete: async (line, character) => {
      const told = await ask("textDocument/completion", {
        textDocument: { uri },
        position: { line, character },
      });
      const items = Array.isArray(told)
        ? (told as unknown[])
        : isObject(told)
          ? (told["items"] as unknown[])
          : [];
      return items.flatMap((item) => (isObject(item) ? [String(item["label"])] : []));
    },
    problems: () => (known ? Promise.resolve(known) : new Promise((resolve) => (found = resolve))),
    close: () => void child.kill(),
  };
}
