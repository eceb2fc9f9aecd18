import type { Kind } from "../../core/kind/kind.ts";
import { token } from "./token/kind.ts";
import { rendercadWebhook } from "./webhook/kind.ts";

/** The managed kinds of RENDERCAD, in the order of the published schema. */
export const rendercadKinds: readonly Kind[] = [token, rendercadWebhook];
