import { afterEach, expect, test } from "vitest";
import { stopAll } from "../client.ts";
import { startRendercad } from "./client.ts";

afterEach(stopAll);

type Item = { readonly id: string; readonly name: string; readonly category: string };

test("models, tiers and modes are the documented ones", async () => {
  const { get } = await startRendercad();
  const { body } = await get("api_discovery.php?action=models");
  expect(Object.keys(body)).toEqual(["success", "models", "quality_tiers", "render_modes"]);
  expect(body["models"]).toMatchObject([
    { id: "classic", name: "Fast", cost_credits: 1, supports_4k: false, max_references: 0 },
    { id: "pro", name: "Realistic", cost_credits: 2, supports_4k: true, max_references: 6 },
  ]);
  expect(body["quality_tiers"]).toMatchObject([
    { id: "standard", resolution: "1024x1024", additional_cost: 0 },
    { id: "4k", resolution: "4096x4096", additional_cost: 2, requires_model: "pro" },
  ]);
  expect(body["render_modes"]).toMatchObject([{ id: "preserve" }, { id: "creative" }, { id: "freeform" }]);
});

test("there are 43 conditions in nine categories, and none twice", async () => {
  const { get } = await startRendercad();
  const { body } = await get("api_discovery.php?action=conditions");
  const conditions = body["conditions"] as { value: string; category: string | null }[];
  expect([body["total_count"], new Set(conditions.map(({ value }) => value)).size]).toEqual([43, 43]);
  expect(conditions[0]).toEqual({ value: "auto", label: "Auto (no condition)", category: null });
  expect(conditions).toContainEqual({
    value: "snow-covered",
    label: "Snow-Covered",
    category: "Environmental Coverage",
  });
  const named = conditions.flatMap(({ category }) => category ?? []);
  expect([...new Set(named)]).toEqual(body["categories"]);
  expect(body["categories"]).toHaveLength(9);
});

test.each([
  ["backgrounds", 371],
  ["textures", 2942],
] as const)("%s are as many as documented, each with an id of 24 characters", async (library, count) => {
  const { get } = await startRendercad();
  const { body } = await get(`api_discovery.php?action=${library}`);
  const items = body[library] as Item[];
  expect([body["total_count"], items.length, new Set(items.map(({ id }) => id)).size]).toEqual([
    count,
    count,
    count,
  ]);
  expect(items.every(({ id }) => id.length === 24)).toBe(true);
  expect(Object.keys(items[0] ?? {})).toEqual(["id", "name", "category", "thumb_url"]);
});

test("video options have their defaults among their values", async () => {
  const { get } = await startRendercad();
  const options = (await get("api_discovery.php?action=video_options")).body["video_options"] as {
    readonly [list: string]: readonly { value: unknown }[];
  };
  expect(options["defaults"]).toEqual({
    video_mode: "single",
    style: "preserve",
    camera: "auto",
    motion: "auto",
    duration: 8,
    resolution: "720p",
  });
  const values = (list: string) => options[list]?.map(({ value }) => value);
  expect(values("styles")).toEqual(["preserve", "creative"]);
  expect(values("durations")).toEqual([8, 6, 4]);
  expect(values("resolutions")).toEqual(["720p", "1080p"]);
  expect([values("camera_presets"), values("motion_presets")]).toEqual([
    ["auto", "orbit"],
    ["auto", "hero-spin"],
  ]);
});
