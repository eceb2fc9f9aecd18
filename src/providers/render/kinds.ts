import type { Kind } from "../../core/kind.ts";
import { customDomain } from "./custom-domain/kind.ts";
import { disk } from "./disk/kind.ts";
import { envGroup } from "./env-group/kind.ts";
import { keyValue } from "./key-value/kind.ts";
import { postgres } from "./postgres/kind.ts";
import { service } from "./service/kind.ts";

export const renderKinds: readonly Kind[] = [service, postgres, keyValue, envGroup, disk, customDomain];
