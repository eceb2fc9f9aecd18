import { readBody, readChoice, readText } from "../../base/body.ts";
import { randomText } from "../../base/random.ts";
import { answer, fail, type Answer, type Call, type Route } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { conditions } from "../library/condition.ts";
import { tokenCosts } from "../account/credit.ts";
import { jobs } from "./job-row.ts";
import { readReferences } from "../library/reference.ts";
import { scoped } from "../account/scope.ts";
import { fillSlots, viewUploads } from "./slot.ts";

const longestInstructions = 1500;

/** The routes of image jobs. */
export const imageJobRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/render.php/create_job",
    budget: null,
    handle: scoped("render-only", createImageJob),
  },
];

function createImageJob(call: Call, world: World): Answer {
  const body = readBody(call);
  const model = readChoice(body, "model", ["classic", "pro"] as const) ?? "classic";
  const quality = readChoice(body, "quality", ["standard", "4k"] as const) ?? "standard";
  if (quality === "4k" && model !== "pro") fail(422, "4k quality requires the pro model");
  const source = readText(body, "source_url");
  const settings = {
    model,
    quality,
    renderMode: readChoice(body, "render_mode", ["preserve", "creative", "freeform"] as const) ?? "preserve",
    condition: readCondition(call),
    backgroundStyle: readBackgroundStyle(call),
    instructions: readInstructions(call),
  };
  const key = randomText(world.random, 12);
  const references = readReferences(call, { model, key });
  const id = `render_${key}`;
  const main = { slot: "input_main", asset: `${key}_input` };
  const slots = fillSlots(world, id, [
    source === undefined ? main : { ...main, copy: { url: source, field: "source_url" } },
    ...references.wishes,
  ]);
  world.account.insert(jobs, {
    type: "image",
    id,
    userId: call.user.id,
    key,
    slots,
    cost: tokenCosts[model] + (quality === "4k" ? tokenCosts["4k_upgrade"] : 0),
    createdAt: world.clock.now(),
    status: "uploading",
    ...settings,
    references: references.shown,
  });
  return answer(200, {
    success: true,
    job_id: id,
    status: "uploading",
    required_uploads: viewUploads(slots),
  });
}

function readCondition(call: Call): string {
  const value = readText(readBody(call), "condition") ?? "auto";
  const known = conditions.some((condition) => condition.value === value);
  return known ? value : fail(400, `Invalid condition: ${value}`);
}

function readBackgroundStyle(call: Call): string {
  const style = readText(readBody(call), "background_style") ?? "auto";
  const known = /^(?:auto|white|grey|black|gradient|custom:#[0-9a-fA-F]{6})$/.test(style);
  return known ? style : fail(400, `Invalid background_style: ${style}`);
}

function readInstructions(call: Call): string | null {
  const text = readText(readBody(call), "custom_instructions") ?? null;
  const tooLong = text !== null && text.length > longestInstructions;
  return tooLong
    ? fail(400, `custom_instructions must have at most ${longestInstructions} characters`)
    : text;
}
