import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { openChildProcess } from "./child-process.ts";
import { Dice } from "./dice.ts";
import { editFiles, firstFiles, putBack } from "./edit-file.ts";
import { sources, type End, type Ground } from "./ground.ts";
import { openInProcess } from "./in-process.ts";
import { judge } from "./judge.ts";
import { declareAlso, nothingDeclared } from "./judge/declared.ts";
import type { Declared, Wrong } from "./judge/evidence.ts";
import { fileNames, type Block, type Files } from "./model.ts";
import { actOutside, giveNamesAway, stepAside } from "./outside.ts";
import { idOf, tableOf, type Tables } from "./rows.ts";
import type { Tally } from "./tally.ts";
import { drawWeather, type Weather } from "./weather.ts";
import { writeFileText } from "./write-file.ts";

/**
 * One account with its files, from nothing on through some rounds. A round is drawn from the seed, the world and its own
 * number alone, so that a round that went wrong can be had again, also with some of those before it left out.
 */
export type WorldInput = {
  readonly seed: number;
  readonly world: number;
  readonly rounds: number;
  /** Rounds that are left out. */
  readonly skip: readonly number[];
  readonly tally: Tally;
  /** Told what happens, for who looks at one world. */
  readonly tell: (line: string) => void;
};

/** The first round with something wrong, and all of it. */
export type Failure = { readonly world: number; readonly round: number; readonly wrong: readonly Wrong[] };

/** Of every eight worlds one is the real program's. */
function isProgramsWorld(world: number): boolean {
  return world % 8 === 4;
}

export async function playWorld(input: WorldInput): Promise<Failure | undefined> {
  const { seed, world, rounds, skip } = input;
  const open = isProgramsWorld(world) ? openChildProcess : openInProcess;
  const ground = await open(1 + seed * 1_000 + world);
  const play = new Play(ground, input, firstFiles(new Dice(seed * 100_003 + world * 101)));
  try {
    for (let round = 1; round <= rounds; round += 1) {
      if (skip.includes(round)) continue;
      const wrong = await play.round(round, round === rounds);
      if (wrong.length > 0) return { world, round, wrong };
    }
    return undefined;
  } finally {
    await ground.close();
  }
}

function isLostCreation({ unanswerable }: End): boolean {
  return unanswerable.length > 0 && unanswerable.every((code) => code === "lost-creation");
}

class Play {
  readonly #ground: Ground;
  readonly #input: WorldInput;
  #files: Files;
  /** Since the last calm round. */
  #declared: Declared = nothingDeclared;
  #settled: ReadonlySet<string> = new Set();
  /** Each block as a file had it last, by its name, also when it was dropped since. */
  readonly #known = new Map<string, { readonly file: string; readonly block: Block }>();
  #outside = { made: new Set<string>(), keys: new Set<string>() };

  constructor(ground: Ground, input: WorldInput, files: Files) {
    this.#ground = ground;
    this.#input = input;
    this.#files = files;
  }

  async round(number: number, isLast: boolean): Promise<readonly Wrong[]> {
    const { seed, world, tally } = this.#input;
    const dice = new Dice(seed * 100_003 + world * 101 + number);
    const weather = drawWeather(dice, isLast, !isProgramsWorld(world));
    this.#say(`round ${number}: ${JSON.stringify(weather)}`);
    if (number > 1) for (let edits = dice.below(4); edits > 0; edits -= 1) this.#edit(dice);
    for (let acts = number > 1 ? dice.below(4) : 0; acts > 0; acts -= 1) await this.#actOutside(dice, number);
    await this.#writeFiles();
    await this.#ground.write("values.env", "K_1=canary-values-pOiUzTrE\nK_2=canary-values-lKjHgFdS\n");
    const { given, ends, before, writesAgain, stuck } = await this.#apply(dice, weather);
    const after = this.#ground.tables();
    tally.count("weather", weather.calm ? "calm" : "not calm");
    const wrong = [
      ...stuck,
      ...ends
        .filter(({ verdict }) => verdict === "threw")
        .map(({ text }) => ({ rule: 0, said: `threw ${text}` })),
      ...judge({
        owner: this.#ground.owner,
        ownToken: this.#ground.ownToken,
        before,
        after,
        files: this.#files,
        declared: this.#declared,
        flags: given,
        outside: this.#outside,
        settled: this.#settled,
        calm: weather.calm && stuck.length === 0,
        writesAgain,
        texts: {
          ...(await this.#keptTexts()),
          ...Object.fromEntries(ends.map(({ text }, run) => [`run ${run + 1}`, text])),
        },
        sources,
      }),
    ];
    if (weather.calm) {
      this.#settled = idsOf(after);
      this.#declared = declareAlso(nothingDeclared, this.#files);
      this.#outside = { made: this.#outside.made, keys: new Set() };
    }
    return wrong;
  }

  #say(line: string): void {
    this.#input.tell(line);
  }

  async #writeFiles(): Promise<void> {
    this.#declared = declareAlso(this.#declared, this.#files);
    for (const [file, blocks] of Object.entries(this.#files))
      for (const block of blocks) this.#known.set(block.name, { file, block });
    for (const file of fileNames) await this.#ground.write(file, writeFileText(this.#files[file] ?? []));
  }

  /**
   * A creation whose answer was lost, of a block that is gone: the program cannot know what it was to be, and asks a person to
   * look or to put the block back. This person puts it back. Answers whether there was one.
   */
  #putBack({ text }: End): boolean {
    const names = [...text.matchAll(/state forget [\w-]+\/[\w-]+\/([\w.-]+?)\.? /gu)].map(
      ([, name = ""]) => name,
    );
    const lost = [...new Set(names)].flatMap((name) => this.#known.get(name) ?? []);
    for (const { file, block } of lost) this.#files = putBack(this.#files, file, block);
    if (lost.length > 0) this.#say(`  the file: has ${lost.map(({ block }) => block.name).join(", ")} again`);
    return lost.length > 0;
  }

  #edit(dice: Dice): void {
    const { kind, files, said } = editFiles(dice, this.#files);
    this.#files = files;
    this.#declared = declareAlso(this.#declared, files);
    this.#input.tally.count("edits", kind);
    this.#say(`  the file: ${said}`);
  }

  async #actOutside(dice: Dice, number: number): Promise<void> {
    const before = idsOf(this.#ground.tables());
    const act = await actOutside({ dice, ground: this.#ground, files: this.#files, number });
    if (!act) return;
    for (const id of idsOf(this.#ground.tables())) if (!before.has(id)) this.#outside.made.add(id);
    const [, key] = /\/env-vars\/(\w+)/u.exec(act.said) ?? [];
    if (key !== undefined) this.#outside.keys.add(key);
    this.#input.tally.count("outside edits", act.kind);
    this.#say(`  somebody else: ${act.kind}: ${act.said}`);
  }

  async #apply(dice: Dice, weather: Weather) {
    const ground = this.#ground;
    await ground.setFaults("");
    await ground.wait(weather.calm ? 20 * 60_000 : dice.below(2) * 120_000);
    let before = ground.tables();
    await ground.setFaults(weather.faults);
    const values = dice.chance(0.3) ? ["--values values.env"] : [];
    const ends: End[] = [];
    let flags: readonly string[] = values;
    const given = new Set<string>(flags);
    const kill = weather.kill && { kill: weather.kill };
    for (let run = 1; run <= (weather.calm ? 6 : 3); run += 1) {
      const end = await ground.apply({ files: fileNames, flags, ...kill });
      ends.push(end);
      this.#count(end, weather, run);
      if (end.verdict === "done" || end.verdict === "died" || end.verdict === "threw") break;
      if (end.verdict === "refused" && !weather.answers) break;
      if (end.verdict === "refused") {
        // No flag answers that one: somebody has what is of another type give its name away.
        const isOtherType = end.unanswerable.length === 1 && end.unanswerable[0] === "other-type";
        const isNameTaken =
          end.unanswerable.length > 0 && end.unanswerable.every((code) => code === "name-taken");
        const isAside =
          (isOtherType && (await stepAside(ground, this.#files, this.#outside.made))) ||
          (isNameTaken && (await giveNamesAway(ground, end.text)));
        if (isAside) before = ground.tables();
        else if (isLostCreation(end) && this.#putBack(end)) await this.#writeFiles();
        else if (end.unanswerable.length > 0) break;
        flags = [...new Set([...flags, ...end.flags])];
        for (const flag of flags) given.add(flag);
      } else if (weather.calm && end.codes.includes("uncertain-create")) await ground.wait(16 * 60_000);
      else break;
    }
    await ground.setFaults("");
    const last = ends.at(-1);
    const stuck: Wrong[] = [];
    if (weather.calm && last?.verdict !== "done") {
      const why = `${last?.verdict} ${JSON.stringify([last?.refusals, last?.codes, last?.unanswerable])}`;
      stuck.push({ rule: 6, said: `a calm run ended ${why}\n${last ? brief(last.text) : ""}` });
    }
    const writesAgain = weather.calm && stuck.length === 0 ? await this.#applyAgain(values, ends) : 0;
    return { given: [...given], ends, before, writesAgain, stuck };
  }

  async #applyAgain(flags: readonly string[], ends: End[]): Promise<number> {
    const end = await this.#ground.apply({ files: fileNames, flags });
    ends.push(end);
    this.#say(`  again: ${end.verdict} ${end.codes.join(", ")}, ${end.writes} writes`);
    return end.verdict === "done" ? end.writes : 1;
  }

  #count(end: End, { faults, kill }: Weather, run: number): void {
    const { tally } = this.#input;
    tally.count("runs", end.verdict);
    for (const code of new Set(end.refusals)) tally.count("refusals", code);
    if (end.verdict === "failed") for (const code of new Set(end.codes)) tally.count("failed for", code);
    if (faults !== "" && run === 1) tally.count("faults", faults);
    if (kill && end.verdict === "died")
      tally.count("kills", isProgramsWorld(this.#input.world) ? "SIGKILL" : kill.at);
    const codes = [...new Set([...end.refusals, ...end.codes])].join(", ");
    this.#say(
      `  run ${run}: ${end.verdict} ${codes}, ${end.writes} writes${end.flags.length > 0 ? `; answer: ${end.flags.join(" ")}` : ""}`,
    );
  }

  /** What the program keeps, but for the key. */
  async #keptTexts(): Promise<{ readonly [place: string]: string }> {
    const folder = join(this.#ground.folder, "state");
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    const files = entries.filter((entry) => entry.isFile() && entry.name !== "key");
    const texts = await Promise.all(
      files.map(
        async ({ parentPath, name }) => [name, await readFile(join(parentPath, name), "utf8")] as const,
      ),
    );
    return Object.fromEntries(texts);
  }
}

function idsOf(tables: Tables): ReadonlySet<string> {
  return new Set(Object.values(tableOf).flatMap((table) => (tables[table] ?? []).map(idOf)));
}

/** Of a document the sentences of its problems. */
function brief(text: string): string {
  const sentences = [...text.matchAll(/"(?:message|remedy)":\s*"((?:[^"\\]|\\.)*)"/gu)].map(
    ([, one]) => `    ${one}`,
  );
  return [...new Set(sentences)].slice(0, 12).join("\n");
}
