import type { Kind } from "../../core/kind.ts";
import { customDomain } from "./custom-domain/kind.ts";
import { disk } from "./disk/kind.ts";
import { envGroup } from "./env-group/kind.ts";
import { environment } from "./environment/kind.ts";
import { keyValue } from "./key-value/kind.ts";
import { postgres } from "./postgres/kind.ts";
import { project } from "./project/kind.ts";
import { service } from "./service/kind.ts";

export const renderKinds: readonly Kind[] = [service, postgres, keyValue, envGroup, disk, customDomain, project, environment];
