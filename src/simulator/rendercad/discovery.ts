import type { JsonObject } from "../../core/base/json.ts";
import { answer, type Route } from "../base/route.ts";
import { conditionCategories, conditions } from "./library/condition.ts";
import { listLibrary, type Library } from "./library/library.ts";
import { videoOptions } from "./job/video-option.ts";

/** The catalogues that discovery answers with, word for word as documented. */
const catalogue: JsonObject = {
  models: [
    {
      id: "classic",
      name: "Fast",
      description: "Quick renders with good quality",
      cost_credits: 1,
      supports_4k: false,
      supports_references: false,
      max_references: 0,
    },
    {
      id: "pro",
      name: "Realistic",
      description: "High-quality photorealistic renders",
      cost_credits: 2,
      supports_4k: true,
      supports_references: true,
      max_references: 6,
    },
  ],
  quality_tiers: [
    { id: "standard", name: "HD", resolution: "1024x1024", additional_cost: 0 },
    { id: "4k", name: "4K", resolution: "4096x4096", additional_cost: 2, requires_model: "pro" },
  ],
  render_modes: [
    { id: "preserve", name: "Exact Mode" },
    { id: "creative", name: "Enhance Mode" },
    { id: "freeform", name: "Freeform Mode" },
  ],
};

const answers: { readonly [action: string]: () => JsonObject } = {
  models: () => catalogue,
  conditions: () => ({
    conditions: [...conditions],
    total_count: conditions.length,
    categories: [...conditionCategories],
  }),
  backgrounds: () => viewLibrary("backgrounds"),
  textures: () => viewLibrary("textures"),
  video_options: () => ({ video_options: videoOptions }),
};

/**
 * The routes of discovery. A token of any scope may call them, but a token is needed: the requests are documented
 * with one.
 */
export const discoveryRoutes: readonly Route[] = Object.entries(answers).map(([action, show]) => ({
  method: "GET",
  path: `/api_discovery.php/${action}`,
  budget: "rendercad/discovery",
  handle: () => answer(200, { success: true, ...show() }),
}));

function viewLibrary(library: Library): JsonObject {
  const items = listLibrary(library);
  return { [library]: items, total_count: items.length };
}
