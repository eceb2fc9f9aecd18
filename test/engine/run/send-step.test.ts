import { expect, test } from "vitest";
import type { WriteStep } from "../../../src/core/model/plan.ts";
import { StepSender, type Sending } from "../../../src/engine/run/send-step.ts";
import { makeStep } from "../../core/schedule/timetable.ts";

const budget = "render/create";
const write = (index: number): WriteStep => {
  const step = makeStep(index, { spends: [budget], takes: 0, needs: [] });
  if (step.step !== "write") throw new Error("no write");
  return step;
};
/** It takes something away that the next one gives back. */
const taking: WriteStep = { ...write(0), together: "s1" };
const giving = write(1);

/** What the writer is told, by a sender that knows these two steps. */
function openSender() {
  const told: unknown[] = [];
  const memory = {
    input: { steps: new Map([taking, giving].map((step) => [step.id, step])) },
    writerOf: () => ({
      send: async ({
        path,
        ahead,
        isHeld,
      }: {
        path: string;
        ahead?: readonly string[];
        isHeld?: boolean;
      }) => {
        told.push({ path, ahead, isHeld });
        return path;
      },
      release: (budgets: readonly string[]) => void told.push({ released: budgets }),
    }),
  } as unknown as Sending;
  const sender = new StepSender(memory);
  const send = (step: WriteStep, path: string): Promise<unknown> =>
    sender.send(step, { method: "POST", path, budgets: step.write.budgets } as Parameters<
      StepSender["send"]
    >[1]);
  return { sender, send, told };
}

test("what takes something away is sent with room for what gives it back, and that uses the room", async () => {
  const { sender, send, told } = openSender();
  expect(await send(taking, "/takes")).toBe("/takes");
  sender.releaseUnused(taking);
  await send(giving, "/gives");
  sender.releaseUnused(giving);
  expect(told).toEqual([
    { path: "/takes", ahead: [budget], isHeld: false },
    { path: "/gives", ahead: [], isHeld: true },
  ]);
});

test("only the first call of a step uses the room, and a step of its own keeps none", async () => {
  const { send, told } = openSender();
  await send(taking, "/takes");
  await send(giving, "/one");
  await send(giving, "/two");
  await send(write(2), "/alone");
  expect(told.slice(2)).toEqual([
    { path: "/two", ahead: [], isHeld: false },
    { path: "/alone", ahead: [], isHeld: false },
  ]);
});

test("room that was kept for a step which sent nothing is everybody's again, once", async () => {
  const { sender, send, told } = openSender();
  await send(taking, "/takes");
  sender.releaseUnused(giving);
  sender.releaseUnused(giving);
  expect(told.slice(1)).toEqual([{ released: [budget] }]);
});
