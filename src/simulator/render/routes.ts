import type { Loader } from "../server/loader.ts";
import type { Route } from "../base/route.ts";
import { auditLogRoutes } from "./workspace/audit-log.ts";
import { blueprintRoutes } from "./deploy/blueprint.ts";
import { cronRunRoutes } from "./service-parts/cron-run.ts";
import { customDomainRoutes } from "./service-parts/custom-domain.ts";
import { keyValueLoader, postgresLoader } from "./datastore/datastore-loader.ts";
import { dedicatedIpLoader, dedicatedIpRoutes } from "./workspace/dedicated-ip.ts";
import { deployRoutes } from "./deploy/deploy-routes.ts";
import { diskRoutes } from "./service-parts/disk.ts";
import { diskSnapshotRoutes } from "./service-parts/disk-snapshot.ts";
import { environmentGroupEntryRoutes } from "./env-group/env-group-entry.ts";
import { environmentGroupLoader } from "./env-group/env-group-loader.ts";
import { environmentGroupRoutes } from "./env-group/env-group.ts";
import { eventRoutes } from "./event/event.ts";
import { envVarRoutes } from "./service-parts/env-var.ts";
import { environmentRoutes } from "./project/environment.ts";
import { headerRoutes } from "./service-parts/header.ts";
import { jobRoutes } from "./deploy/job.ts";
import { keyValueRoutes } from "./datastore/key-value.ts";
import { logStreamLoader, logStreamRoutes } from "./workspace/log-stream.ts";
import { logRoutes } from "./deploy/log.ts";
import { maintenanceRoutes } from "./datastore/maintenance.ts";
import { metricRoutes } from "./metrics/metric.ts";
import { metricsStreamLoader, metricsStreamRoutes } from "./workspace/metrics-stream.ts";
import { notificationRoutes, notificationSettingsLoader } from "./workspace/notification.ts";
import { ownerRoutes } from "./workspace/owner.ts";
import { postgresExportRoutes } from "./datastore/postgres-export.ts";
import { postgresOperationRoutes } from "./datastore/postgres-operation.ts";
import { postgresRoutes } from "./datastore/postgres.ts";
import { environmentLoader, projectLoader } from "./project/project-loader.ts";
import { projectRoutes } from "./project/project.ts";
import { registryCredentialLoader, registryCredentialRoutes } from "./workspace/registry-credential.ts";
import { siteRouteRoutes } from "./service-parts/route.ts";
import { scalingRoutes } from "./service/scaling.ts";
import { secretFileRoutes } from "./service-parts/secret-file.ts";
import { serviceActionRoutes } from "./service/service-action.ts";
import { serviceLoader } from "./service/service-loader.ts";
import { customDomainLoader, diskLoader } from "./service/service-part-loader.ts";
import { serviceRoutes } from "./service/service.ts";
import { taskRunRoutes } from "./workflow/task-run.ts";
import { workflowVersionRoutes } from "./workflow/workflow-version.ts";
import { workflowRoutes } from "./workflow/workflow.ts";
import { webhookLoader, webhookRoutes } from "./workspace/webhook.ts";

/** All routes of the simulated Render. */
export const renderRoutes: readonly Route[] = [
  ...ownerRoutes,
  ...projectRoutes,
  ...environmentRoutes,
  ...serviceRoutes,
  ...serviceActionRoutes,
  ...eventRoutes,
  ...envVarRoutes,
  ...secretFileRoutes,
  ...headerRoutes,
  ...siteRouteRoutes,
  ...customDomainRoutes,
  ...diskRoutes,
  ...diskSnapshotRoutes,
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
  ...metricRoutes,
  ...workflowRoutes,
  ...workflowVersionRoutes,
  ...taskRunRoutes,
];

/** All loaders, in the order in which their rows are made: a row that others stand in or link to is made before them. */
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
