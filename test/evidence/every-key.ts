const laterEnvironment = `      - name: later
        networking: { isolation: enabled }
        permissions: { protection: enabled }
        ipAllowList: [{ source: 203.0.113.9/32, description: later }]
        services:
          - { type: worker, name: later, runtime: image, image: { url: nginx }, plan: starter }
`;

/** Every key of the format that Render has an API for, once; the second file has another value for each that can change. */
export function makeFiles(): readonly [string, string] {
  return [makeFile(1), makeFile(2)];
}

function makeFile(version: 1 | 2): string {
  const pick = (first: string, second: string): string => (version === 1 ? first : second);
  const renamed = (name: string): string =>
    version === 1 ? name : `${name}-renamed, lifecycle: { renamedFrom: ${name} }`;
  const stream = `logStream: { setting: send, endpoint: "logs${version}.acme.dev:6514", token: { fromEnvironment: TOKEN } }`;
  const range = `[{ source: 203.0.113.${version}/32, description: office ${version} }]`;
  const project = pick("shop", "store");
  const plan = pick("starter", "standard");
  const scaling = `scaling: { minInstances: ${version}, maxInstances: 3, targetCPUPercent: 60, targetMemoryPercent: 7${version} }`;
  return `
registryCredentials:
  - { name: ${renamed("hub")}, registry: DOCKER, username: acme${version}, authToken: { fromEnvironment: TOKEN } }
webhooks:
  - { name: ${renamed("ops")}, url: "https://hooks.acme.dev/${version}", enabled: ${pick("true", "false")}, events: [${pick("deploy_ended", "server_failed")}] }
notifications: { email: ${pick("false", "true")}, send: ${pick("all", "none")}, previews: ${pick("true", "false")} }
logStream: { preview: ${pick("drop", "send")}, endpoint: "logs${version}.acme.dev:6514", token: { fromEnvironment: TOKEN } }
metricsStream: { provider: CUSTOM, url: "https://metrics.acme.dev/${version}", token: { fromEnvironment: TOKEN } }
dedicatedIps:
  - { name: ${renamed("egress")}, region: oregon, description: "for ${version}", environments: [${project}/production${pick("", `, ${project}/later`)}] }
projects:
  - name: ${project}
    lifecycle: { renamedFrom: shop }
    environments:
      - name: production
        networking: { isolation: ${pick("enabled", "disabled")} }
        permissions: { protection: ${pick("enabled", "disabled")} }
        ipAllowList: ${range}
        services:
          - type: cron
            name: nightly
            runtime: image
            image: { url: "acme/nightly:${version}", creds: { fromRegistryCreds: { name: ${pick("hub", "hub-renamed")} } } }
            schedule: "${version} 3 * * *"
            plan: ${plan}
            dockerCommand: run${version}
        databases:
          - name: ${pick("main", "main-renamed")}
            lifecycle: { renamedFrom: main }
            plan: ${pick("pro-4gb", "pro-8gb")}
            databaseName: main
            user: main
            region: oregon
            postgresMajorVersion: "18"
            diskSizeGB: ${version * 100}
            storageAutoscalingEnabled: ${pick("true", "false")}
            highAvailability: { enabled: ${pick("true", "false")} }
            connectionPool: ${pick("pgbouncer", "none")}
            ipAllowList: ${range}
            readReplicas: [{ name: reader${version}, parameterOverrides: { work_mem: 8MB } }]
            parameterOverrides: { work_mem: ${version}6MB }
            users: [analyst${version}]
            ${stream}
        envVarGroups:
          - { name: inside, envVars: [{ key: LEVEL, value: level${version} }] }
      - name: ${pick("staging", "test")}
        lifecycle: { renamedFrom: staging }
        services:
          - { type: worker, name: shifting, runtime: ${pick("node", "python")}, buildCommand: make, startCommand: run, plan: starter }
          - { type: keyvalue, name: ${renamed("cache")}, plan: ${plan}, region: oregon, ipAllowList: ${range}, maxmemoryPolicy: ${pick("allkeys-lru", "noeviction")}, persistenceMode: ${pick("snapshot", "off")}, ${stream} }
${pick("", laterEnvironment)}
envVarGroups:
  - name: ${pick("shared", "shared-renamed")}
    lifecycle: { renamedFrom: shared }
    envVars: [{ key: LEVEL, value: level${version} }, { key: MADE${version}, generateValue: true }]
    secretFiles: [{ name: app.json, value: "${version}" }]
services:
  - type: web
    name: ${pick("api", "api-renamed")}
    lifecycle: { renamedFrom: api }
    runtime: node
    repo: https://github.com/acme/api${version}
    branch: branch${version}
    rootDir: packages/api${version}
    plan: ${plan}
    region: oregon
    numInstances: ${version + 1}
    buildCommand: npm ci ${version}
    startCommand: npm start ${version}
    preDeployCommand: npm run migrate ${version}
    buildFilter: { paths: [src/${version}/**], ignoredPaths: [docs/${version}/**] }
    autoDeployTrigger: ${pick("commit", "off")}
    healthCheckPath: /health${version}
    maxShutdownDelaySeconds: ${version}0
    maintenanceMode: { enabled: ${pick("false", "true")}, uri: "https://acme.dev/${version}" }
    renderSubdomainPolicy: ${pick("enabled", "disabled")}
    ipAllowList: ${range}
    cache: { profile: ${pick("no-cache", "origin-controlled")} }
    previews: { generation: ${pick("automatic", "manual")} }
    domains: [app${version}.acme.dev]
    envVars: [{ key: LEVEL, value: level${version} }, { key: MADE${version}, generateValue: true }, { fromGroup: ${pick("shared", "shared-renamed")} }]
    secretFiles: [{ name: app.json, value: "${version}" }]
    notifications: { send: ${pick("all", "failure")}, previews: ${pick("true", "false")} }
    ${stream}
  - type: pserv
    name: search
    runtime: docker
    repo: https://github.com/acme/search
    registryCredential: { fromRegistryCreds: { name: ${pick("hub", "hub-renamed")} } }
    dockerfilePath: ./Dockerfile${version}
    dockerContext: ./context${version}
    dockerCommand: serve ${version}
    plan: ${plan}
    ${scaling}
  - { type: worker, name: queue, runtime: image, image: { url: nginx }, plan: ${plan}, disk: { name: disk${version}, mountPath: /data${version}, sizeGB: ${version}0 } }
  - type: web
    name: docs
    runtime: static
    repo: https://github.com/acme/docs
    buildCommand: npm run build ${version}
    staticPublishPath: dist${version}
    headers: [{ path: /*, name: X-Version, value: v${version} }]
    routes: [{ type: rewrite, source: /*, destination: /index${version}.html }]
    domains: [docs.acme.dev]
`;
}
