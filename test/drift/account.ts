/** Every kind, and every field that an API can change in place, at something other than its default. */
export const account = `
projects:
  - name: shop
    environments:
      - name: production
        permissions: { protection: enabled }
        networking: { isolation: enabled }
        ipAllowList: [{ source: 10.0.0.0/8, description: office }]
        services:
          - type: web
            name: api
            runtime: node
            plan: standard
            repo: https://github.com/acme/api
            branch: main
            rootDir: server
            buildFilter: { paths: [server/**], ignoredPaths: [docs/**] }
            autoDeployTrigger: checksPass
            buildCommand: npm ci
            startCommand: npm start
            preDeployCommand: npm run migrate
            healthCheckPath: /healthz
            maxShutdownDelaySeconds: 60
            maintenanceMode: { enabled: false, uri: "https://status.acme.test" }
            renderSubdomainPolicy: disabled
            ipAllowList: [{ source: 203.0.113.0/24, description: office }]
            cache: { profile: origin-controlled }
            previews: { generation: manual }
            scaling: { minInstances: 2, maxInstances: 4, targetCPUPercent: 70 }
            domains: [api.acme.test]
            notifications: { send: failure, previews: true }
            logStream: { endpoint: "logs.acme.test:6514", token: { fromEnvironment: TOKEN } }
            envVars:
              - fromGroup: shared
              - { key: LEVEL, value: info }
              - { key: DATABASE_URL, fromDatabase: { name: main, property: connectionString } }
            secretFiles: [{ name: app.conf, value: "[app]" }]
        databases:
          - name: main
            plan: pro-4gb
            diskSizeGB: 20
            storageAutoscalingEnabled: true
            connectionPool: pgbouncer
            ipAllowList: [{ source: 203.0.113.0/24, description: office }]
            highAvailability: { enabled: true }
            readReplicas: [{ name: copy }]
            parameterOverrides: { work_mem: 8MB }
            users: [reporting]
            suspended: false
            logStream: { setting: drop }
        envVarGroups:
          - name: shared
            envVars: [{ key: REGION, value: eu }]
            secretFiles: [{ name: ca.pem, value: pem }]
      - name: staging
        services:
          - type: keyvalue
            name: cache
            plan: starter
            ipAllowList: []
            maxmemoryPolicy: noeviction
            persistenceMode: snapshot
            suspended: false
            logStream: { setting: drop }
      - name: spare
services:
  - type: pserv
    name: inner
    runtime: docker
    plan: starter
    repo: https://github.com/acme/inner
    registryCredential: { fromRegistryCreds: { name: ghcr } }
    dockerfilePath: ./build/Dockerfile
    dockerContext: ./build
    dockerCommand: ./serve
    disk: { name: data, mountPath: /data, sizeGB: 20 }
  - type: worker
    name: jobs
    runtime: image
    plan: starter
    image: { url: "ghcr.io/acme/jobs:1", creds: { fromRegistryCreds: { name: ghcr } } }
    numInstances: 3
    suspended: false
  - type: cron
    name: nightly
    runtime: python
    plan: starter
    repo: https://github.com/acme/nightly
    buildCommand: make
    startCommand: python nightly.py
    schedule: 0 3 * * *
  - type: web
    name: site
    runtime: static
    repo: https://github.com/acme/site
    buildCommand: make site
    staticPublishPath: dist
    headers:
      - { path: /*, name: X-Frame-Options, value: DENY }
    routes:
      - { type: redirect, source: /old, destination: /new }
      - { type: rewrite, source: /*, destination: /index.html }
registryCredentials:
  - { name: ghcr, registry: GITHUB, username: acme, authToken: { fromEnvironment: TOKEN } }
webhooks:
  - { name: deploys, url: "https://hooks.acme.test/in", enabled: true, events: [deploy_ended] }
notifications: { email: true, send: failure, previews: true }
logStream: { endpoint: "logs.acme.test:6514", preview: drop, token: { fromEnvironment: TOKEN } }
metricsStream: { provider: CUSTOM, url: "https://metrics.acme.test", token: { fromEnvironment: TOKEN } }
dedicatedIps:
  - { name: out, region: oregon, description: for banks, environments: [shop/production] }
`;
