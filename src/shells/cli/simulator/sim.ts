import { InvalidArgumentError, Option, type Command } from "commander";
import { collect, parseCount } from "../base/common-options.ts";
import { exitHelp } from "../base/exit-help.ts";
import type { Shell } from "../base/shell.ts";
import type { SimArguments } from "./sim-action.ts";

const help = `
Examples:
  $ trueup sim
  $ trueup sim --load trueup.yaml -- trueup plan
  $ trueup sim --clock virtual --services 500 -- npm test

An operation is recorded (compared with answers of the real one), described or documented (by its makers alone), or absent:
  $ trueup sim --coverage

With a command after --, the command runs with RENDER_HOST, RENDER_API_KEY and the rest in its environment, and its exit
code is the simulator's. Without one, the addresses are printed on one line and Ctrl-C ends the simulator.

Faults are rules joined by commas, FAULT[:PROBABILITY][@[METHOD ]PATH][#N]; * in a path is any text, #N that one of its calls:
  402, 429, 500, 503, html   answered instead of the call
  reset-before, drop-after-commit, timeout   no answer: not done, done, done
  500-after-commit (502, 503, 504)   done, and answered as failed
  truncated-json, slow       done, and half of the answer, or after ten seconds
  short-page, repeated-cursor, stale-list   what a list can do wrong
  lag:SECONDS[-SECONDS][@PATH]   lists, by name too, do not show yet what was made; by its id it is there at once
  lag-deletes:SECONDS[-SECONDS][@PATH]   lists still show what was deleted
Lists of variables, files, headers and routes lag only where a path names them. Of a range each list draws its own time.
  $ trueup sim --faults 'drop-after-commit@POST /postgres#1,lag:0-90,lag-deletes:30' -- trueup apply --yes
${exitHelp("done, or what the command after -- ends with")}`;

export function addSimCommand(program: Command, shell: Shell, end: (code: number) => void): void {
  program
    .command("sim")
    .summary("serve both APIs on this machine")
    .description(
      "Serves Render's and RENDERCAD's APIs on this machine, limits included, for trying things out and for tests.",
    )
    .argument("[command...]", "after --: a program to run against the simulator")
    .addOption(
      new Option("--listen <host:port>", "where to listen; port 0 takes a free one")
        .argParser(parseListen)
        .default({ host: "127.0.0.1", port: 0 }, "127.0.0.1:0"),
    )
    .option(
      "--load <file>",
      "fill the account from a trueup file or a saved account (repeatable)",
      collect,
      [],
    )
    .option("--save <file>", "write the account here at the end")
    .option("--services <n>", "fill the account with this many generated services", parseCount)
    .option("--seed <n>", "another seed, another account, other faults", parseCount)
    .option("--limits <set>", "documented, recorded, off, or a JSON file with sizes", "documented")
    .option("--latency <ms>", "delay of every answer", parseCount, 0)
    .addOption(
      new Option("--clock <clock>", "virtual: time jumps when everybody sleeps")
        .choices(["real", "virtual"])
        .default("real"),
    )
    .option("--faults <spec>", "answers that fail on purpose, as 429:0.05,drop-after-commit:0.01")
    .option("--requests <file>", "write one JSON line per request here")
    .option("--coverage", "list every operation with what it is known from, and end", false)
    .option("--json", "print the addresses, or the operations, as JSON", false)
    .addHelpText("after", help)
    .action(async (command: readonly string[], options: SimArguments) => {
      if (options.coverage) {
        const { describeCoverage, listCoverage } = await import("./coverage.ts");
        const { printDocument } = await import("../../../views/json/document.ts");
        const text = options.json
          ? printDocument("coverage", "done", { operations: listCoverage() })
          : `${describeCoverage()}\n`;
        shell.stdout.write(text);
        return end(0);
      }
      const { serveSimulator } = await import("./sim-action.ts");
      end(await serveSimulator(options, command, shell));
    });
}

function parseListen(value: string): SimArguments["listen"] {
  const colon = value.lastIndexOf(":");
  const port = Number(value.slice(colon + 1));
  const host = value.slice(0, Math.max(0, colon)).replace(/^\[(.*)\]$/, "$1");
  if (host === "" || !/^\d{1,5}$/.test(value.slice(colon + 1)) || port > 65_535) {
    throw new InvalidArgumentError("It must be HOST:PORT, as 127.0.0.1:8080.");
  }
  return { host, port };
}
