import type { ApiFacts } from "../../src/http/api-facts.ts";

export const render: ApiFacts = {
  name: "Render",
  host: "RENDER_HOST",
  key: "RENDER_API_KEY",
  forbidden: "This key may not do that.",
};

/** An API that sends `Retry-After` with every rate limit, and 429 without it for whatever else is used up. */
export const rendercad: ApiFacts = {
  name: "RENDERCAD",
  host: "RENDERCAD_HOST",
  key: "RENDERCAD_API_TOKEN",
  forbidden: "The scope of this token does not allow that.",
  exhausted: "Make room there, then run again.",
  tellsSuccess: true,
};
