/**
 * Where each operation of Render's API is known from. `recorded`: answers of the real one were compared with ours.
 * `described`: in a description of Render's, and never seen. `absent`: described, and not served here.
 */
export type Operation = {
  readonly method: string;
  /** Names in braces are parameters, as the description calls them. */
  readonly path: string;
  readonly source: "recorded" | "described" | "absent";
};

/** A path, and the methods that the source has of it. */
const tables = {
  recorded: `
  /dedicated-ips POST
  /dedicated-ips/{id} GET PATCH DELETE
  /disks POST
  /disks/{diskId} PATCH DELETE
  /env-groups POST
  /env-groups/{envGroupId} GET PATCH DELETE
  /env-groups/{envGroupId}/env-vars/{envVarKey} PUT DELETE
  /env-groups/{envGroupId}/secret-files/{secretFileName} PUT DELETE
  /environments POST
  /environments/{environmentId} GET PATCH DELETE
  /environments/{environmentId}/resources POST DELETE
  /key-value POST
  /key-value/{keyValueId} GET PATCH DELETE
  /key-value/{keyValueId}/connection-info GET
  /logs/streams/owner/{ownerId} GET PUT DELETE
  /logs/streams/resource/{resourceId} GET PUT DELETE
  /metrics-stream/{ownerId} GET PUT DELETE
  /notification-settings/overrides/services/{serviceId} GET PATCH
  /notification-settings/owners/{ownerId} GET PATCH
  /postgres POST
  /postgres/{postgresId} GET PATCH DELETE
  /postgres/{postgresId}/connection-info GET
  /projects POST
  /projects/{projectId} GET PATCH DELETE
  /redis POST
  /redis/{redisId} GET PATCH DELETE
  /redis/{redisId}/connection-info GET
  /services GET POST
  /services/{serviceId} GET PATCH DELETE
  /services/{serviceId}/autoscaling PUT DELETE
  /services/{serviceId}/custom-domains GET POST
  /services/{serviceId}/custom-domains/{customDomainIdOrName} DELETE
  /services/{serviceId}/deploys POST
  /services/{serviceId}/env-vars GET PUT
  /services/{serviceId}/headers GET PUT
  /services/{serviceId}/routes GET PUT
  /services/{serviceId}/scale POST
  /services/{serviceId}/secret-files GET PUT
  /webhooks POST
  /webhooks/{webhookId} GET DELETE
`,
  described: `
  /blueprints GET
  /blueprints/validate POST
  /blueprints/{blueprintId} GET PATCH DELETE
  /blueprints/{blueprintId}/syncs GET
  /cron-jobs/{cronJobId}/runs POST DELETE
  /dedicated-ips GET
  /disks GET
  /disks/{diskId} GET
  /disks/{diskId}/snapshots GET
  /disks/{diskId}/snapshots/restore POST
  /env-groups GET
  /env-groups/{envGroupId}/env-vars/{envVarKey} GET
  /env-groups/{envGroupId}/secret-files/{secretFileName} GET
  /env-groups/{envGroupId}/services/{serviceId} POST DELETE
  /environments GET
  /events/{eventId} GET
  /key-value GET
  /key-value/{keyValueId}/resume POST
  /key-value/{keyValueId}/suspend POST
  /logs GET
  /logs/streams/resource GET
  /logs/subscribe GET
  /logs/values GET
  /maintenance GET
  /maintenance/{maintenanceRunParam} GET PATCH
  /maintenance/{maintenanceRunParam}/trigger POST
  /metrics/active-connections GET
  /metrics/bandwidth GET
  /metrics/bandwidth-sources GET
  /metrics/cpu GET
  /metrics/cpu-limit GET
  /metrics/cpu-target GET
  /metrics/disk-capacity GET
  /metrics/disk-usage GET
  /metrics/filters/application GET
  /metrics/filters/http GET
  /metrics/filters/path GET
  /metrics/http-latency GET
  /metrics/http-requests GET
  /metrics/instance-count GET
  /metrics/memory GET
  /metrics/memory-limit GET
  /metrics/memory-target GET
  /metrics/replication-lag GET
  /metrics/task-runs-completed GET
  /metrics/task-runs-queued GET
  /notification-settings/overrides GET
  /organizations/{orgId}/audit-logs GET
  /owners GET
  /owners/{ownerId} GET
  /owners/{ownerId}/audit-logs GET
  /owners/{ownerId}/members GET
  /owners/{ownerId}/members/{userId} PATCH DELETE
  /postgres GET
  /postgres/{postgresId}/credentials GET POST
  /postgres/{postgresId}/credentials/{username} DELETE
  /postgres/{postgresId}/export GET POST
  /postgres/{postgresId}/failover POST
  /postgres/{postgresId}/parameter-overrides GET PUT
  /postgres/{postgresId}/recovery GET POST
  /postgres/{postgresId}/restart POST
  /postgres/{postgresId}/resume POST
  /postgres/{postgresId}/suspend POST
  /projects GET
  /redis GET
  /redis/{redisId}/resume POST
  /redis/{redisId}/suspend POST
  /registrycredentials GET POST
  /registrycredentials/{registryCredentialId} GET PATCH DELETE
  /services/{serviceId}/cache/purge POST
  /services/{serviceId}/custom-domains/{customDomainIdOrName} GET
  /services/{serviceId}/custom-domains/{customDomainIdOrName}/verify POST
  /services/{serviceId}/deploys GET
  /services/{serviceId}/deploys/{deployId} GET
  /services/{serviceId}/deploys/{deployId}/cancel POST
  /services/{serviceId}/env-vars/{envVarKey} GET PUT DELETE
  /services/{serviceId}/events GET
  /services/{serviceId}/headers POST
  /services/{serviceId}/headers/{headerId} DELETE
  /services/{serviceId}/instances GET
  /services/{serviceId}/jobs GET POST
  /services/{serviceId}/jobs/{jobId} GET
  /services/{serviceId}/jobs/{jobId}/cancel POST
  /services/{serviceId}/preview POST
  /services/{serviceId}/restart POST
  /services/{serviceId}/resume POST
  /services/{serviceId}/rollback POST
  /services/{serviceId}/routes POST PATCH
  /services/{serviceId}/routes/{routeId} PATCH DELETE
  /services/{serviceId}/secret-files/{secretFileName} GET PUT DELETE
  /services/{serviceId}/suspend POST
  /task-runs GET POST
  /task-runs/events GET
  /task-runs/{taskRunId} GET DELETE
  /tasks GET
  /tasks/{taskId} GET
  /users GET
  /webhooks GET
  /webhooks/{webhookId} PATCH
  /webhooks/{webhookId}/events GET
  /workflows GET POST
  /workflows/{workflowId} GET PATCH DELETE
  /workflowversions GET POST
  /workflowversions/{workflowVersionId} GET
`,
  /** In the newer of two descriptions alone, of which nothing but names is known. */
  absent: `
  /postgres/{postgresId}/parameter-overrides/available GET
  /postgres/{postgresId}/promote POST
  /postgres/{postgresId}/query/processes GET
  /postgres/{postgresId}/query/sizes GET
  /postgres/{postgresId}/query/table-scans GET
  /postgres/{postgresId}/query/top-queries GET
  /postgres/{postgresId}/replication POST
  /services/{serviceId}/ephemeral-shell POST
  /services/{serviceId}/outbound-ips GET
`,
} satisfies { readonly [source in Operation["source"]]: string };

/** Every operation that is known, by path. Tests hold the table to the routes, to the description and to the recordings. */
export const operations: readonly Operation[] = Object.entries(tables)
  .flatMap(([source, table]) =>
    table
      .trim()
      .split("\n")
      .flatMap((line) => {
        const [path = "", ...methods] = line.trim().split(" ");
        return methods.map((method) => ({ method, path, source: source as Operation["source"] }));
      }),
  )
  .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
