import type { Kind } from "../../core/kind/kind.ts";
import { makeCustomDomain } from "./custom-domain/kind.ts";
import type { twinOf } from "./custom-domain/twin.ts";
import { dedicatedIp } from "./dedicated-ip/kind.ts";
import { disk } from "./disk/kind.ts";
import { envGroup } from "./env-group/kind.ts";
import { environment } from "./environment/kind.ts";
import { keyValue } from "./key-value/kind.ts";
import { logStream } from "./log-stream/kind.ts";
import { metricsStream } from "./metrics-stream/kind.ts";
import { notificationSettings } from "./notification-settings/kind.ts";
import { postgres } from "./postgres/kind.ts";
import { project } from "./project/kind.ts";
import { registryCredential } from "./registry-credential/kind.ts";
import { service } from "./service/kind.ts";
import { webhook } from "./webhook/kind.ts";

/** The managed kinds of Render, in the order of the published schema. `findTwin` is needed for planning only; see `makeCustomDomain`. */
export function makeRenderKinds(findTwin: typeof twinOf): readonly Kind[] {
  return [
    service,
    postgres,
    keyValue,
    envGroup,
    disk,
    makeCustomDomain(findTwin),
    project,
    environment,
    registryCredential,
    webhook,
    notificationSettings,
    logStream,
    metricsStream,
    dedicatedIp,
  ];
}
