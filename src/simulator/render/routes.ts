import type { Loader } from "../loader.ts";
import type { Route } from "../route.ts";
import { auditLogRoutes } from "./audit-log.ts";
import { blueprintRoutes } from "./blueprint.ts";
import { cronRunRoutes } from "./cron-run.ts";
import { customDomainRoutes } from "./custom-domain.ts";
import { keyValueLoader, postgresLoader } from "./datastore-loader.ts";
import { dedicatedIpLoader, dedicatedIpRoutes } from "./dedicated-ip.ts";
import { deployRoutes } from "./deploy-routes.ts";
import { diskRoutes } from "./disk.ts";
import { environmentGroupEntryRoutes } from "./env-group-entry.ts";
import { environmentGroupLoader } from "./env-group-loader.ts";
import { environmentGroupRoutes } from "./env-group.ts";
import { envVarRoutes } from "./env-var.ts";
import { environmentRoutes } from "./environment.ts";
import { headerRoutes } from "./header.ts";
import { jobRoutes } from "./job.ts";
import { keyValueRoutes } from "./key-value.ts";
import { logStreamLoader, logStreamRoutes } from "./log-stream.ts";
import { logRoutes } from "./log.ts";
import { maintenanceRoutes } from "./maintenance.ts";
import { metricsStreamLoader, metricsStreamRoutes } from "./metrics-stream.ts";
import { notificationRoutes, notificationSettingsLoader } from "./notification.ts";
import { ownerRoutes } from "./owner.ts";
import { postgresExportRoutes } from "./postgres-export.ts";
import { postgresOperationRoutes } from "./postgres-operation.ts";
import { postgresRoutes } from "./postgres.ts";
import { environmentLoader, projectLoader } from "./project-loader.ts";
import { projectRoutes } from "./project.ts";
import { registryCredentialLoader, registryCredentialRoutes } from "./registry-credential.ts";
import { siteRouteRoutes } from "./route.ts";
import { scalingRoutes } from "./scaling.ts";
import { secretFileRoutes } from "./secret-file.ts";
import { serviceActionRoutes } from "./service-action.ts";
import { serviceLoader } from "./service-loader.ts";
import { customDomainLoader, diskLoader } from "./service-part-loader.ts";
import { serviceRoutes } from "./service.ts";
import { webhookLoader, webhookRoutes } from "./webhook.ts";

/** Everything the simulated Render can do. */
export const renderRoutes: readonly Route[] = [
  ...ownerRoutes,
  ...projectRoutes,
  ...environmentRoutes,
  ...serviceRoutes,
  ...serviceActionRoutes,
  ...envVarRoutes,
  ...secretFileRoutes,
  ...headerRoutes,
  ...siteRouteRoutes,
  ...customDomainRoutes,
  ...diskRoutes,
  ...scalingRoutes,
  ...deployRoutes,
  ...jobRoutes,
  ...cronRunRoutes,
  ...postgresRoutes,
  ...postgresOperationRoutes,
  ...postgresExportRoutes,
  ...keyValueRoutes,
  ...environmentGroupRoutes,
  ...environmentGroupEntryRoutes,
  ...registryCredentialRoutes,
  ...webhookRoutes,
  ...notificationRoutes,
  ...logStreamRoutes,
  ...metricsStreamRoutes,
  ...dedicatedIpRoutes,
  ...blueprintRoutes,
  ...auditLogRoutes,
  ...maintenanceRoutes,
  ...logRoutes,
];

/** In the order their rows are made: what others stand in or link to comes first. */
export const renderLoaders: readonly Loader[] = [
  projectLoader,
  environmentLoader,
  registryCredentialLoader,
  postgresLoader,
  keyValueLoader,
  environmentGroupLoader,
  serviceLoader,
  diskLoader,
  customDomainLoader,
  webhookLoader,
  notificationSettingsLoader,
  logStreamLoader,
  metricsStreamLoader,
  dedicatedIpLoader,
];
