import { afterEach, expect, test } from "vitest";
import { startSimulator, type Simulator, type SimulatorOptions } from "../../src/simulator/start.ts";

let running: Simulator[] = [];

async function start(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await startSimulator(options);
  running.push(simulator);
  return simulator;
}

afterEach(async () => {
  await Promise.all(running.map((simulator) => simulator.close()));
  running = [];
});

test("a call without the key is unauthorized", async () => {
  const simulator = await start();
  const response = await fetch(`${simulator.render}/services`);
  expect(response.status).toBe(401);
  expect(await response.json()).toEqual({ message: "unauthorized" });
});

test("the control endpoint shows every row, and a saved account starts again as it was", async () => {
  const simulator = await start();
  const shown: unknown = await (await fetch(`${simulator.control}/account`)).json();
  expect(shown).toEqual(simulator.save());
  const again = await start({ saved: simulator.save() });
  expect(again.save()).toEqual(simulator.save());
  expect(again.env["RENDER_API_KEY"]).toBe(simulator.env["RENDER_API_KEY"]);
});
