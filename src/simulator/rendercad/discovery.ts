import { answer, type Route } from "../route.ts";
import type { JsonObject } from "../../core/json.ts";

/** A few of what the account can choose from; the documented answers hold many more of the same shapes. */
const answers: { readonly [action: string]: JsonObject } = {
  models: {
    models: [
      {
        id: "classic",
        name: "Fast",
        cost_credits: 1,
        supports_4k: false,
        supports_references: false,
        max_references: 0,
      },
      {
        id: "pro",
        name: "Realistic",
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
    render_modes: ["preserve", "creative", "freeform"].map((id) => ({ id })),
  },
  conditions: {
    conditions: [{ value: "auto", label: "Auto", category: null }],
    total_count: 1,
    categories: [],
  },
  backgrounds: { backgrounds: [], total_count: 0 },
  textures: { textures: [], total_count: 0 },
  video_options: {
    video_options: {
      defaults: { video_mode: "single", duration: 8, resolution: "720p" },
      durations: [4, 6, 8].map((value) => ({ value })),
      resolutions: ["720p", "1080p"].map((value) => ({ value })),
    },
  },
};

export const discoveryRoutes: readonly Route[] = Object.entries(answers).map(([action, body]) => ({
  method: "GET",
  path: `/api_discovery.php/${action}`,
  budget: "rendercad/discovery",
  handle: () => answer(200, { success: true, ...body }),
}));
