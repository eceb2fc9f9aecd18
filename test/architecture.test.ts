import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findCircles } from "../src/core/base/graph.ts";
import { readMap } from "./house-map.ts";
import { functionsOf, importsOf, readTree, type SourceFile } from "./source-tree.ts";
import { partsOf, readWords, sayInstead } from "./words.ts";

/**
 * What must stay true of the source as a whole. Each test names what breaks the rule, so that its message is the work to
 * be done. The folders of `src` are stages; the table says what each may know.
 */
const source = readTree("src");
const tests = readTree("test");
const core = source.filter(({ path }) => path.startsWith("src/core/"));

/** `src/core/model/plan.ts` is of `core`. */
function stageOf(path: string): string {
  return path.split("/")[1] ?? "";
}

describe("imports", () => {
  const below: { readonly [stage: string]: readonly string[] } = {
    core: [],
    world: ["core"],
    file: ["core"],
    providers: ["core"],
    views: ["core"],
    store: ["core", "world"],
    http: ["core", "world"],
    github: ["core", "world", "http"],
    engine: ["core", "world", "http"],
    commands: ["core", "world", "file", "providers", "http", "store", "views", "engine", "simulator"],
    shells: ["core", "world", "file", "providers", "views", "github", "commands", "simulator"],
    // Written from the evidence alone, so that it can judge the rest.
    simulator: ["core"],
  };

  test("every folder of src is a stage of the table", () => {
    expect([...new Set(source.map(({ path }) => stageOf(path)))].sort()).toEqual(Object.keys(below).sort());
  });

  test("are those that the map of CONTRIBUTING gives each stage", () => {
    const drawn = readMap().map(({ path, imports }) => [stageOf(path), [...imports].sort()]);
    const allowed = Object.entries(below).map(([stage, imports]) => [stage, [...imports].sort()]);
    expect(Object.fromEntries(drawn)).toEqual(Object.fromEntries(allowed));
  });

  test("point one way, from the shells down to the core", () => {
    const wrong = source.flatMap((file) => {
      const allowed = [stageOf(file.path), ...(below[stageOf(file.path)] ?? [])];
      return importsOf(file)
        .filter(({ target }) => target.startsWith("src/") && !allowed.includes(stageOf(target)))
        .map(({ target }) => `${file.path} -> ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  test("only the commands sim and demo, and the rehearsal of a plan, know the simulator", () => {
    const users = source
      .filter((file) => stageOf(file.path) !== "simulator")
      .filter((file) => importsOf(file).some(({ target }) => stageOf(target) === "simulator"))
      .map(({ path }) => path);
    expect(
      users.filter((path) => !/^src\/(?:shells\/cli\/simulator|commands\/rehearsal)\//.test(path)),
    ).toEqual([]);
  });

  test("make no circle when they are loaded", () => {
    const needs = new Map(
      source.map((file) => [
        file.path,
        importsOf(file)
          .filter(({ isType, isLazy }) => !isType && !isLazy)
          .map(({ target }) => target),
      ]),
    );
    expect(findCircles(needs)).toEqual([]);
  });

  test("a plan cannot write: the writer is made by the connection and opened by commands that write", () => {
    const importers = source
      .filter((file) => importsOf(file).some(({ names }) => names.includes("makeWriter")))
      .map(({ path }) => path);
    expect(importers).toEqual(["src/commands/accounts/connect.ts"]);
    const openers = source.filter(({ text }) => /\.openWriters\(/.test(text)).map(({ path }) => path);
    expect(openers).not.toEqual([]);
    const reached = reachableFrom("src/commands/plan.ts");
    expect(openers.filter((path) => reached.has(path))).toEqual([]);
    expect([...reached].filter((path) => path.startsWith("src/engine/")).sort()).not.toContain(
      "src/engine/run/perform.ts",
    );
  });

  test("a secret becomes text in few places, and each has its reason", () => {
    const importers = source
      .filter((file) => importsOf(file).some(({ names }) => names.includes("revealSecret")))
      .map(({ path }) => path);
    expect(importers).toEqual([
      // `export --literals KEY` writes into the file what somebody asked for by name, unless it looks secret.
      "src/commands/export/export-values.ts",
      // One spelling of a connection string, a secret again, and which of some hosts it leads to.
      "src/core/base/connection-url.ts",
      // A digest, which stands for the text where the text must not be kept.
      "src/core/base/digest.ts",
      // The key of an HMAC.
      "src/core/protocol/webhook-signature.ts",
      // The token that GitHub is asked with.
      "src/github/client.ts",
      "src/http/body.ts",
      "src/http/client.ts",
      "src/http/scrub.ts",
      // Fills the simulated account from a file; nothing of it ever runs beside a real one.
      "src/simulator/server/loader.ts",
      // git asks for the password of the state's remote.
      "src/store/git/git-checkout.ts",
      // The token of a sign-in goes to the system's key ring, through stdin.
      "src/store/secrets/key-ring.ts",
      // One-time secrets are encrypted before they are kept.
      "src/store/secrets/seal.ts",
      // The token of a sign-in, in a file that its owner alone can read.
      "src/store/secrets/sign-ins.ts",
      // The address of an export, which is asked for what it has, and nobody else.
      "src/world/download.ts",
    ]);
    const revealers = source.filter(({ text }) => text.includes("Secret.reveal(")).map(({ path }) => path);
    expect(revealers).toEqual(["src/core/base/secret.ts"]);
  });

  test("validate, which hooks and editors start often, loads no package that it has no use for", () => {
    // What reads values from outside is loaded for a file that has such, and for no other.
    const aside = new Set(["src/commands/planning/remark-sources.ts"]);
    const reached = reachableFrom("src/shells/cli/file/validate-action.ts", aside);
    const packages = [...reached]
      .filter((target) => !aside.has(target) && !/^(?:src\/|node:)/.test(target))
      .sort();
    expect(packages).toEqual(["ajv", "ajv-formats", "fast-json-patch", "picocolors", "yaml"]);
    const builtin = [...reached].filter((target) => target.startsWith("node:")).sort();
    expect(builtin).toEqual(["node:fs", "node:fs/promises", "node:path"]);
  });

  function reachableFrom(path: string, aside: ReadonlySet<string> = new Set()): ReadonlySet<string> {
    const byPath = new Map(source.map((file) => [file.path, file]));
    const reached = new Set([path]);
    for (const next of reached) {
      const file = aside.has(next) ? undefined : byPath.get(next);
      for (const { target, isType } of file ? importsOf(file) : []) if (!isType) reached.add(target);
    }
    return reached;
  }
});

describe("the core is pure", () => {
  test("it imports nothing of Node's but crypto, and no package", () => {
    const outside = core.flatMap((file) =>
      importsOf(file)
        .filter(({ target }) => !target.startsWith("src/core/") && target !== "node:crypto")
        .map(({ target }) => `${file.path} -> ${target}`),
    );
    expect(outside).toEqual([]);
  });

  test("it neither waits nor looks at clock, chance, process or console", () => {
    const impure =
      /\bawait\b|\basync\b|\bDate\.now\b|new Date\(\)|Math\.random|\bprocess\.|\bconsole\b|\bset(?:Timeout|Interval|Immediate)\b|randomBytes|randomUUID/;
    expect(linesWith(core, impure)).toEqual([]);
  });
});

describe("sizes", () => {
  /** A long file says why in its first comment: `/** Over 300 lines: ...`. */
  const excuse = /^\/\*\* Over [34]00 lines: \S/m;

  test.each([
    { name: "source", files: source, most: 300 },
    { name: "tests", files: tests, most: 400 },
  ])("no file of the $name is longer than $most lines without a reason at its top", ({ files, most }) => {
    const long = files.filter(
      ({ lines }) => lines.length > most && !excuse.test(lines.slice(0, 40).join("\n")),
    );
    expect(long.map(({ path, lines }) => `${path} ${lines.length}`)).toEqual([]);
  });

  test("no file of a provider is longer than 250 lines", () => {
    const long = source.filter(({ path, lines }) => stageOf(path) === "providers" && lines.length > 250);
    expect(long.map(({ path, lines }) => `${path} ${lines.length}`)).toEqual([]);
  });

  test("the median file is shorter than 120 lines", () => {
    const lengths = source.map(({ lines }) => lines.length).sort((a, b) => a - b);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThan(120);
  });

  test("mappings are held to the fields of their kind, so that a field without one does not compile", () => {
    const count = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length;
    const all = source
      .filter(({ path }) => /^src\/providers\/render\/[^/]+\//u.test(path))
      .map(({ path, text }) => ({
        path,
        said: count(text, /\b\w*mappings(?:: \w+)?(?: =|:) \{/giu),
        held: count(text, /\} satisfies MappingsOf</gu),
      }));
    expect(all.filter(({ said }) => said > 0).length).toBeGreaterThan(8);
    expect(all.filter(({ said, held }) => said !== held)).toEqual([]);
  });

  test("functions stop at about 50 lines", () => {
    const long = source.flatMap((file) => functionsOf(file)).filter(({ lines }) => lines > 60);
    expect(long.map(({ path, name, lines }) => `${path} ${name} ${lines}`)).toEqual([]);
  });

  test("the measure itself sees functions", () => {
    const seen = source.flatMap((file) => functionsOf(file));
    expect(seen.length).toBeGreaterThan(source.length);
    expect(seen).toContainEqual(
      expect.objectContaining({ path: "src/engine/run/execute.ts", name: "execute" }) as object,
    );
  });
});

describe("shape", () => {
  test("names are exported by name, and no file only hands on what others export", () => {
    expect(linesWith(source, /^export default\b/)).toEqual([]);
    const barrels = source.filter(({ lines }) => {
      const code = lines.filter((line) => line !== "" && !/^\s*(?:\/\/|\/?\*)/.test(line));
      return code.length > 0 && code.every((line) => /^export .* from "/.test(line));
    });
    expect(barrels.map(({ path }) => path)).toEqual([]);
  });

  test("files are named after what is in them", () => {
    const vague = /^(?:utils?|common|helpers?|types|lib|misc|shared|index)\.(?:test\.)?ts$/;
    const names = [...source, ...tests].filter(({ path }) => vague.test(path.split("/").at(-1) ?? ""));
    expect(names.map(({ path }) => path)).toEqual([]);
  });

  test("importing a module does nothing; only the program's entry runs", () => {
    const statement = /^(?:await|if|for|while|switch|try|throw|void|new|let|var)\b|^[A-Za-z_$][\w$.]*\(/;
    const running = linesWith(source, statement);
    expect(running.filter((line) => !line.startsWith("src/shells/cli/main.ts:"))).toEqual([]);
    expect(running, "the entry is seen").not.toEqual([]);
  });

  test("a class is something with a lifetime: it hides what it remembers, inherits nothing, and says what it is", () => {
    const wrong = source.flatMap(({ path, text }) =>
      [...text.matchAll(/^(?:export )?(?:abstract )?class (\w+)(.*)\{$([\s\S]*?)^\}$/gm)]
        .filter(([, , heritage = "", body = ""]) => {
          const isException = /\bextends (?:\w+)?Error\b/.test(heritage);
          return !isException && (/\bextends\b/.test(heritage) || !/^ {2}(?:readonly )?#\w+/m.test(body));
        })
        .map(([, name]) => `${path} ${name}`),
    );
    expect(wrong).toEqual([]);
    const bare = linesBefore(source, /^(?:export )?(?:abstract )?class \w+/).filter(
      ({ before }) => !before.endsWith("*/"),
    );
    expect(bare.map(({ line }) => line)).toEqual([]);
  });

  describe("one word per idea", () => {
    const contributing = readFileSync("CONTRIBUTING.md", "utf8");
    const words = readWords(contributing);

    test("no name has a retired word as a part of it, but for what is stored under one", () => {
      const stored = new Set(
        ["succession", "successor", "successorOf", "orphan", "besides", "undelivered"], // As the list says.
      );
      const used = source.flatMap(({ path, text }) => {
        const names = new Set(withoutTexts(text).match(/[A-Za-z]\w*/g));
        return [...names, path]
          .filter((name) => !stored.has(name))
          .flatMap((name) => sayInstead(words.names, partsOf(name), `${path}: ${name}`));
      });
      expect(used).toEqual([]);
    });

    test("no output and no document has a retired word", () => {
      const quoted = /"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g;
      const inCode = source.flatMap(({ path, text }) =>
        (text.replaceAll(/\/\/.*|\/\*[\s\S]*?\*\//g, "").match(quoted) ?? [])
          // A sentence: a word alone is data.
          .filter((one) => one.includes(" "))
          .flatMap((one) => sayInstead(words.texts, one.replaceAll(/\$\{[^}]*\}/g, ""), path)),
      );
      const folders = ["docs", "src"].flatMap((folder) =>
        readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
      );
      const documents = ["README.md", ...folders.filter((path) => path.endsWith(".md"))].flatMap((path) =>
        // What stands in code marks is a name or an output, which is looked at where it comes from.
        sayInstead(words.texts, readFileSync(path, "utf8").replaceAll(/`[^`\n]*`/g, ""), path),
      );
      const rules = contributing.slice(0, contributing.indexOf("## Words"));
      expect([...inCode, ...documents, ...sayInstead(words.texts, rules, "CONTRIBUTING.md")]).toEqual([]);
    });

    test("the search finds a retired word in a name and in a sentence", () => {
      expect(sayInstead(words.names, partsOf("refuseHandOver"), "here")).toEqual([
        "here: hand-over, say delivered",
      ]);
      expect(sayInstead(words.texts, "Its successor works.", "here")).toEqual([
        "here: successor, say old, new",
      ]);
      expect(sayInstead(words.texts, "It succeeds.", "here")).toEqual([]);
    });
  });

  test("nothing is left over", () => {
    // Spelled so that this file is not found itself.
    const leftOver = /T[O]DO|FIX[M]E|X{3}\b|@ts-[i]gnore/;
    const found = [...source, ...tests].flatMap(({ path, lines }) =>
      lines.filter((line) => leftOver.test(line)).map((line) => `${path}: ${line.trim()}`),
    );
    expect(found).toEqual([]);
    expect(linesWith([...source, ...tests], /\bas any\b/)).toEqual([]);
    expect(linesWith(tests, /\b(?:test|describe|it)\.(?:skip|only|todo)\b/)).toEqual([]);
  });
});

describe("the project", () => {
  const { devDependencies: packages, ...manifest } = JSON.parse(readFileSync("package.json", "utf8")) as {
    readonly devDependencies: { readonly [name: string]: string };
  };
  const decisions = readdirSync("docs/decisions")
    .map((name) => readFileSync(join("docs/decisions", name), "utf8"))
    .join("\n");

  test("every package is pinned and has its reason in docs/decisions, and who installs the program needs none", () => {
    expect(Object.keys(manifest).filter((key) => /dependencies$/iu.test(key))).toEqual([]);
    expect(Object.entries(packages).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
    expect(Object.keys(packages).filter((name) => !decisions.includes(`\`${name}\``))).toEqual([]);
  });

  test("the packages of the program are those that the source imports", () => {
    const [, table = ""] = /## In the program\n([\s\S]*?)\n## /.exec(decisions) ?? [];
    const listed = [...table.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name = ""]) => name);
    const cli = source.filter(({ path }) => !path.startsWith("src/shells/action/"));
    const imported = new Set(
      cli
        .flatMap((file) => importsOf(file).filter(({ isType }) => !isType))
        .map(({ target }) => target)
        .filter((target) => !/^(?:src\/|node:|package\.json$)/.test(target))
        .map((target) =>
          target
            .split("/")
            .slice(0, target.startsWith("@") ? 2 : 1)
            .join("/"),
        ),
    );
    expect([...imported].sort()).toEqual(listed.sort());
  });

  test("the lockfile names no place to download from: whoever installs uses the registry that is set up there", () => {
    const lock = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
      readonly packages: { readonly [path: string]: { readonly resolved?: string } };
    };
    const addresses = Object.values(lock.packages).flatMap(({ resolved }) => resolved ?? []);
    expect(addresses).toEqual([]);
  });

  test("nothing names a path of the machine it was written on", () => {
    const places = /\/work\/(?:main|shared|\.)|\/tmp\/brief|\/home\/\w+\/|\/Users\/\w+\//;
    const texts = ["src", "test", "docs", "schemas", "examples", "bench", ".ci", "."].flatMap((folder) =>
      readdirSync(folder, { recursive: folder !== ".", withFileTypes: true })
        // In a worktree `.git` is a file that says where the repository is.
        .filter((entry) => entry.isFile() && entry.name !== ".git")
        .map((entry) => join(entry.parentPath, entry.name)),
    );
    expect(texts.filter((path) => places.test(readFileSync(path, "utf8")))).toEqual([]);
  });
});

function linesWith(files: readonly SourceFile[], pattern: RegExp): readonly string[] {
  return files.flatMap(({ path, lines }) =>
    lines.flatMap((line, index) =>
      pattern.test(withoutTexts(line)) ? [`${path}:${index + 1} ${line.trim()}`] : [],
    ),
  );
}

/** The lines that fit, each with the one above it. */
function linesBefore(files: readonly SourceFile[], pattern: RegExp) {
  return files.flatMap(({ path, lines }) =>
    lines.flatMap((line, index) =>
      pattern.test(line) ? [{ line: `${path}:${index + 1} ${line}`, before: lines[index - 1] ?? "" }] : [],
    ),
  );
}

/** Code alone: what stands in comments and in quotes is prose or data. */
function withoutTexts(code: string): string {
  return code
    .replaceAll(/"(?:[^"\\\n]|\\.)*"/g, '""')
    .replaceAll(/\/\/.*|\/\*[\s\S]*?\*\//g, "")
    .replaceAll(/^\s*\*.*$/gm, "");
}
