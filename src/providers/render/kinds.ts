import type { Kind } from "../../core/kind.ts";
import { postgres } from "./postgres/kind.ts";
import { service } from "./service/kind.ts";

export const renderKinds: readonly Kind[] = [service, postgres];
