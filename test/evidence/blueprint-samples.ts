import type { JsonObject } from "../../src/core/base/json.ts";

/** Files of our own that together use every key of Render's Blueprint schema; all are valid there and load here. */
export const samples: readonly { readonly title: string; readonly value: JsonObject }[] = [
  {
    title: "a web service with everything a server can have",
    value: {
      version: "1",
      previews: { generation: "automatic", expireAfterDays: 3 },
      services: [
        {
          type: "web",
          name: "api",
          region: "ohio",
          plan: "pro plus",
          runtime: "docker",
          repo: "https://github.com/acme/api",
          branch: "main",
          rootDir: "api",
          buildFilter: { paths: ["api/**"], ignoredPaths: ["**/*.md"] },
          dockerCommand: "./run",
          dockerContext: ".",
          dockerfilePath: "./Dockerfile",
          registryCredential: { fromRegistryCreds: { name: "hub" } },
          numInstances: 2,
          healthCheckPath: "/healthz",
          preDeployCommand: "./migrate",
          initialDeployHook: "./seed",
          domains: ["api.example.com"],
          autoDeployTrigger: "checksPass",
          previews: { generation: "manual", plan: "starter", numInstances: 1 },
          maintenanceMode: { enabled: true, uri: "https://status.example.com" },
          maxShutdownDelaySeconds: 60,
          ipAllowList: [{ source: "203.0.113.0/24", description: "office" }],
          renderSubdomainPolicy: "disabled",
          envVars: [
            { key: "A", value: "a", previewValue: "b" },
            { key: "B", generateValue: true },
            { key: "C", sync: false },
            { key: "D", fromDatabase: { name: "main", property: "connectionString" } },
            { key: "E", fromService: { type: "keyvalue", name: "cache", property: "host" } },
            { key: "F", fromService: { type: "web", name: "api", envVarKey: "A" } },
            { fromGroup: "shared" },
          ],
        },
      ],
    },
  },
  {
    title: "the deprecated spellings",
    value: {
      previewsEnabled: true,
      previewsExpireAfterDays: 2,
      services: [
        {
          type: "web",
          name: "old",
          runtime: "python",
          buildCommand: "make",
          startCommand: "./run",
          autoDeploy: true,
          domain: "old.example.com",
          pullRequestPreviewsEnabled: true,
          previewPlan: "starter",
        },
        { type: "redis", name: "cache", ipAllowList: [], plan: "starter", previewPlan: "free" },
      ],
    },
  },
  {
    title: "scaling, a disk, an image and a schedule",
    value: {
      services: [
        {
          type: "worker",
          name: "scaled",
          runtime: "image",
          image: { url: "nginx:1", creds: { fromRegistryCreds: { name: "hub" } } },
          scaling: { minInstances: 1, maxInstances: 3, targetCPUPercent: 60, targetMemoryPercent: 70 },
        },
        {
          type: "pserv",
          name: "stored",
          runtime: "docker",
          disk: { name: "data", mountPath: "/var/data", sizeGB: 20 },
        },
        { type: "cron", name: "nightly", runtime: "docker", schedule: "0 3 * * *", plan: "2c-4g" },
      ],
    },
  },
  {
    title: "a static site",
    value: {
      services: [
        {
          type: "web",
          name: "site",
          runtime: "static",
          buildCommand: "npm run build",
          staticPublishPath: "dist",
          preDeployCommand: "./check",
          headers: [{ path: "/*", name: "X-Frame-Options", value: "DENY" }],
          routes: [{ type: "rewrite", source: "/*", destination: "/index.html" }],
        },
      ],
    },
  },
  {
    title: "a database and Key Value with everything",
    value: {
      databases: [
        {
          name: "main",
          plan: "pro-4gb",
          databaseName: "app",
          user: "app",
          region: "frankfurt",
          postgresMajorVersion: "17",
          diskSizeGB: 100,
          storageAutoscalingEnabled: true,
          connectionPool: "pgbouncer",
          highAvailability: { enabled: true },
          ipAllowList: [],
          readReplicas: [{ name: "main-read" }],
          previewPlan: "basic-1gb",
          previewDiskSizeGB: 5,
        },
      ],
      services: [
        {
          type: "keyvalue",
          name: "cache",
          region: "frankfurt",
          plan: "1g",
          ipAllowList: [],
          maxmemoryPolicy: "volatile-ttl",
          persistenceMode: "off",
        },
      ],
      envVarGroups: [{ name: "shared", envVars: [{ key: "LEVEL", value: 3 }] }],
    },
  },
  {
    title: "projects, ungrouped, build sources and a workflow",
    value: {
      projects: [
        {
          name: "shop",
          environments: [
            {
              name: "production",
              networking: { isolation: "enabled" },
              permissions: { protection: "enabled" },
              services: [],
              databases: [],
              envVarGroups: [],
            },
          ],
          buildSources: [{ name: "inner", image: { url: "nginx" } }],
        },
      ],
      ungrouped: { services: [], databases: [], envVarGroups: [], buildSources: [] },
      buildSources: [
        {
          name: "outer",
          git: {
            repo: "https://github.com/acme/api",
            runtime: "docker",
            branch: "main",
            buildCommand: "make",
            buildFilter: { paths: ["**"] },
            envVars: [{ key: "A", value: "a" }],
            rootDir: ".",
            baseDir: ".",
            region: "ohio",
            dockerfilePath: "./Dockerfile",
            registryCredential: { fromRegistryCreds: { name: "hub" } },
          },
        },
      ],
      services: [
        { type: "web", name: "built", buildSource: "outer" },
        {
          type: "workflow",
          name: "flow",
          runtime: "node",
          region: "ohio",
          startCommand: "npm start",
          autoDeployTrigger: "off",
        },
      ],
    },
  },
];

const web = (rest: JsonObject): JsonObject => ({
  services: [{ type: "web", name: "a", runtime: "docker", ...rest }],
});

/** Valid for Render's schema and an error here, each with the reason. */
export const strictRefusals: readonly { readonly reason: string; readonly value: JsonObject }[] = [
  {
    reason:
      "`fromService` needs exactly one of property and envVarKey: documented, and the schema allows none",
    value: web({ envVars: [{ key: "X", fromService: { type: "web", name: "a" } }] }),
  },
  {
    reason: "an open object takes a typing error: `fromDatabase`",
    value: web({ envVars: [{ key: "X", fromDatabase: { name: "d", property: "host", propertyy: "x" } }] }),
  },
  {
    reason: "an open object takes a typing error: `scaling`",
    value: web({ scaling: { minInstances: 1, maxInstances: 2, targetCPUPercent: 60, targetCpuPercent: 60 } }),
  },
  {
    reason: "an open object takes a typing error: `ipAllowList`",
    value: web({ ipAllowList: [{ source: "0.0.0.0/0", descripton: "x" }] }),
  },
  {
    reason: "two sources for one variable",
    value: web({ envVars: [{ key: "X", generateValue: true, sync: false }] }),
  },
  {
    reason: "autoscaling needs bounds and a target: documented",
    value: web({ scaling: { minInstances: 2 } }),
  },
  {
    reason: "a disk belongs to a single instance: documented",
    value: web({ numInstances: 2, disk: { name: "d", mountPath: "/d" } }),
  },
  {
    reason: "mount paths that Render refuses: documented",
    value: web({ disk: { name: "d", mountPath: "/etc" } }),
  },
  {
    reason: "the free plan is for web services: documented",
    value: { services: [{ type: "worker", name: "a", runtime: "docker", plan: "free" }] },
  },
  {
    reason: "a resource is declared in one place: documented",
    value: { databases: [{ name: "d" }, { name: "d" }] },
  },
  {
    reason: "the runtime static is for `type: web`: documented",
    value: { services: [{ type: "worker", name: "a", runtime: "static" }] },
  },
  {
    reason: "a variable that the referred service does not have would be empty",
    value: web({ envVars: [{ key: "X", fromService: { type: "web", name: "a", envVarKey: "Y" } }] }),
  },
];
