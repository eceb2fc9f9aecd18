/**
 * What the simulator itself costs, as ratios inside one run, which another machine and its other work hardly move:
 * the CPU of a start for each service at 10,000 services against 1,250, and a page of 100 services among 10,000 against the
 * same page among 100 and against writing and reading its own JSON.
 *
 *   npm run bench:simulator
 */
import { startSimulator, type Simulator } from "../src/simulator/start.ts";

const rounds = 41;

/** CPU milliseconds of this process since it began: other work on the machine is not in them. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

type Started = { readonly simulator: Simulator; readonly cpu: number };

async function start(services: number): Promise<Started> {
  const before = cpuMs();
  const simulator = await startSimulator({ services, limits: "off" });
  return { simulator, cpu: cpuMs() - before };
}

async function readPage({ render, env }: Simulator, cursor = ""): Promise<string> {
  const headers = { authorization: `Bearer ${env["RENDER_API_KEY"]}` };
  const owner = env["RENDER_OWNER_ID"];
  const response = await fetch(`${render}/services?limit=100&ownerId=${owner}&cursor=${cursor}`, { headers });
  if (!response.ok) throw new Error(`a page answered ${response.status}`);
  return response.text();
}

/** The middle of many rounds: the first ones are of cold code. */
async function middle(round: () => Promise<unknown>): Promise<number> {
  const costs: number[] = [];
  for (let index = 0; index < rounds; index += 1) {
    const before = cpuMs();
    await round();
    costs.push(cpuMs() - before);
  }
  return costs.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? NaN;
}

/** The page in the middle of an account: its cursor has to be found. */
async function middleCursor(simulator: Simulator, pages: number): Promise<string> {
  let cursor = "";
  for (let page = 0; page < pages; page += 1) {
    const items = JSON.parse(await readPage(simulator, cursor)) as readonly { readonly cursor: string }[];
    cursor = items.at(-1)?.cursor ?? "";
  }
  return cursor;
}

function report(what: string, ratio: number): void {
  process.stdout.write(`${what.padEnd(76)} ${ratio.toFixed(2)}\n`);
}

const [small, medium, large] = [await start(100), await start(1250), await start(10_000)];
report(
  "start, CPU of each service, 10,000 against 1,250 (1: linear)",
  large.cpu / 10_000 / (medium.cpu / 1250),
);

const cursor = await middleCursor(large.simulator, 50);
const page = await readPage(large.simulator, cursor);
const costs = {
  json: await middle(async () => JSON.stringify(JSON.parse(page))),
  small: await middle(() => readPage(small.simulator)),
  large: await middle(() => readPage(large.simulator, cursor)),
};
report("a page of 100 services, among 10,000 against among 100", costs.large / costs.small);
report("a page of 100 services among 10,000, against reading and writing its JSON", costs.large / costs.json);
process.stdout.write(
  `\nHere: 10,000 services in ${(large.cpu / 1000).toFixed(1)} s of CPU; ` +
    `a page of 100 in ${costs.large.toFixed(2)} ms of CPU, the client's half included\n`,
);
await Promise.all([small, medium, large].map(({ simulator }) => simulator.close()));
