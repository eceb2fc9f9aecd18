import { afterEach, beforeEach, expect, test } from "vitest";
import { answerWith, makeLies } from "../lying.ts";
import { idNamed, ourRows } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";

let scene: Scene;
let lies: ReturnType<typeof makeLies>;
beforeEach(() => (lies = makeLies()));
afterEach(() => scene.close());

const worker = (name: string): string =>
  `  - {type: worker, name: ${name}, runtime: image, image: {url: nginx}, plan: starter}\n`;
const file = (...names: readonly string[]): string => `services:\n${names.map(worker).join("")}`;

async function openWithout(name: string): Promise<void> {
  scene = await openScene({ limits: "off", send: lies.send });
  await scene.write(file("a", "b", "c"));
  expect((await scene.apply()).verdict).toBe("done");
  await scene.write(file(...["a", "b", "c"].filter((one) => one !== name)));
}

test.each([404, 410])(
  "a deletion that is answered by %i is not done while the object is shown",
  async (status) => {
    await openWithout("c");
    lies.tell = (call) =>
      call.startsWith("DELETE ") ? answerWith(status, { message: "not found" }) : undefined;
    expect((await scene.apply()).problems).toMatchObject([
      { code: "still-there", address: "render/service/c" },
    ]);
    expect(Object.keys((await scene.inventory()).resources)).toContain("render/service/c");
    lies.tell = () => undefined;
    expect((await scene.apply()).verdict).toBe("done");
    expect(ourRows(scene, "services").map((row) => row["name"])).toEqual(["a", "b"]);
  },
);

test("what somebody deleted after the plan was made is gone, and that is all", async () => {
  await openWithout("c");
  const id = idNamed(scene, "services", "c");
  lies.tell = (call, request, send) => {
    if (!call.startsWith("DELETE ")) return undefined;
    return scene.edit("DELETE", `/services/${id}`).then(() => send(request));
  };
  expect((await scene.apply()).verdict).toBe("done");
  expect(Object.keys((await scene.inventory()).resources)).toEqual(["render/service/a", "render/service/b"]);
});
