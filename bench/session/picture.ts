import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { TerminalScreen, type Piece } from "./screen.ts";
import { drawFrames } from "./svg.ts";
import { openStage, somebody, type Stage } from "./stage.ts";

/** What is on the screen for a time, the lines from the top. */
export type Frame = { readonly seconds: number; readonly lines: readonly (readonly Piece[])[] };

const columns = 88;
const rows = 25;

const shop = `services:
  - type: web
    name: shop
    runtime: node
    plan: starter
    region: frankfurt
    repo: https://github.com/acme/shop
    buildCommand: npm ci
    startCommand: node server.js
    envVars: [{ key: LOG_LEVEL, value: info }]
`;
const queue = (number: number): string =>
  `  - { type: worker, name: queue-${String(number).padStart(2, "0")}, runtime: node, plan: starter, region: frankfurt, ` +
  "repo: https://github.com/acme/shop, buildCommand: npm ci, startCommand: node queue.js }\n";
const workers = 24;

export const picturePath = "docs/picture/session.svg";

/** The picture of the README, played anew. */
export async function drawPicture(): Promise<string> {
  const frames = await playPicture();
  return drawFrames(
    frames,
    { columns, rows },
    {
      title: "trueup in a terminal",
      text: `A plan of ${workers + 1} services, an apply that waits for the limit of 20 creations an hour, and the drift that somebody caused.`,
      // The plan, whole.
      still: 1,
    },
  );
}

/** Plays a plan, an apply that no single hour can hold, and what somebody does behind the file's back. */
async function playPicture(): Promise<readonly Frame[]> {
  const stage = await openStage();
  try {
    await writeFile(
      join(stage.folder, "trueup.yaml"),
      shop + Array.from({ length: workers }, (_, index) => queue(index + 1)).join(""),
    );
    const reel = new Reel();
    await reel.play("plan", stage, 5);
    reel.clear();
    await reel.play("apply --yes", stage, 3);
    reel.clear();
    reel.say(
      `# The next morning ${somebody} hunts a bug in the dashboard, and forgets to put things back.`,
      2,
    );
    await stage.edit("PATCH", "/services/{shop}", {
      serviceDetails: { envSpecificDetails: { startCommand: "node --inspect server.js" } },
    });
    await stage.edit("PUT", "/services/{shop}/env-vars/LOG_LEVEL", { value: "debug" });
    await reel.play("drift", stage, 6);
    return reel.frames;
  } finally {
    await stage.close();
  }
}

class Reel {
  readonly frames: Frame[] = [];
  #screen = new TerminalScreen();

  clear(): void {
    this.#screen = new TerminalScreen();
  }

  say(text: string, seconds: number): void {
    this.#screen.write(`\u001b[32m$\u001b[39m \u001b[2m${text}\u001b[22m\n`);
    this.#show(seconds);
  }

  async play(line: string, stage: Stage, secondsAtEnd: number): Promise<void> {
    this.#screen.write(`\u001b[32m$\u001b[39m \u001b[1mtrueup ${line}\u001b[22m\n`);
    this.#show(1.2);
    const { writes } = await stage.run(line.split(" "), { columns, terminal: true });
    let shown = "";
    for (const text of writes) {
      this.#screen.write(withoutChance(text));
      const now = progressOf(this.#screen);
      // Between two steps the same is drawn again and again, as often as the machine has time for.
      if (now === "" || now === shown) continue;
      shown = now;
      this.#show(now.includes("waiting") ? 2.5 : 0.25);
    }
    this.#show(secondsAtEnd);
  }

  #show(seconds: number): void {
    this.frames.push({
      seconds,
      lines: this.#screen.lines
        .slice(0, -1)
        .filter((line) => !isUnderWay(line))
        .slice(-rows)
        .map((line) => [...line]),
    });
  }
}

/** What the lines that are drawn again say of a run: how much is done, and whether it waits. */
function progressOf(screen: TerminalScreen): string {
  const last = screen.lines.slice(-4).map((line) => line.map(({ text }) => text).join(""));
  const done = last.map((line) => / \d+ of \d+ /u.exec(line)?.[0]).find((found) => found !== undefined);
  return done === undefined ? "" : `${done}${last.some((line) => line.includes("waiting")) ? "waiting" : ""}`;
}

/** Several steps are under way at once, and which of them is drawn first is a matter of chance: only what is done is shown. */
function isUnderWay(line: readonly Piece[]): boolean {
  return line.some(({ text }) => /^[\u2800-\u28ff]$/u.test(text));
}

/** The name of a run ends with six random digits. */
function withoutChance(text: string): string {
  return text.replaceAll(/\b(\d{8}T\d{6})-[0-9a-f]{6}\b/gu, "$1-4c1a7e");
}
