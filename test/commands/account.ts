/** One of everything that an account can hold, in the file's own words. */
export const everything = `
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
            region: frankfurt
            repo: https://github.com/acme/api
            branch: main
            rootDir: server
            buildFilter: { paths: [server/**] }
            autoDeployTrigger: checksPass
            buildCommand: npm ci
            startCommand: npm start
            preDeployCommand: npm run migrate
            healthCheckPath: /healthz
            maxShutdownDelaySeconds: 60
            scaling: { minInstances: 2, maxInstances: 4, targetCPUPercent: 70 }
            previews: { generation: manual }
            envVars:
              - fromGroup: shared
              - { key: DATABASE_URL, fromDatabase: { name: main, property: connectionString } }
              - { key: PGHOST, fromDatabase: { name: main, property: host } }
              - { key: PGPORT, fromDatabase: { name: main, property: port } }
              - { key: PGUSER, fromDatabase: { name: main, property: user } }
              - { key: PGDATABASE, fromDatabase: { name: main, property: database } }
              - { key: PGPASSWORD, fromDatabase: { name: main, property: password } }
              - { key: REDIS_URL, fromService: { type: keyvalue, name: cache, property: connectionString } }
              - { key: INNER, fromService: { type: pserv, name: inner, property: hostport } }
              - { key: OWN_URL, fromService: { type: web, name: api, envVarKey: RENDER_EXTERNAL_URL } }
              - { key: SESSION_KEY, generateValue: true }
              - { key: LOG_LEVEL, value: info }
              - { key: WEB_PORT, value: "5432" }
              - { key: HOOK, fromWebhook: { name: deploys, property: signingSecret } }
            secretFiles:
              - { name: config.json, value: "{}" }
            domains: [api.example.com]
            notifications: { send: failure }
          - type: pserv
            name: inner
            runtime: docker
            plan: starter
            repo: https://github.com/acme/inner
            disk: { name: data, mountPath: /data, sizeGB: 20 }
          - type: keyvalue
            name: cache
            plan: starter
            ipAllowList: []
        databases:
          - name: main
            plan: pro-4gb
            postgresMajorVersion: "17"
            highAvailability: { enabled: true }
            readReplicas: [{ name: copy }]
            ipAllowList: [{ source: 203.0.113.0/24, description: office }]
        envVarGroups:
          - name: shared
            envVars:
              - { key: LEVEL, value: info }
              - { key: HOST_OF_DB, value: none }
            secretFiles:
              - { name: ca.pem, value: pem }
      - name: staging
        databases:
          - { name: main, plan: basic-256mb }
services:
  - type: web
    name: site
    runtime: static
    repo: https://github.com/acme/site
    buildCommand: npm run build
    staticPublishPath: dist
    headers:
      - { path: /*, name: X-Frame-Options, value: DENY }
    routes:
      - { type: rewrite, source: /*, destination: /index.html }
      - { type: redirect, source: /a, destination: /b }
  - type: cron
    name: nightly
    runtime: image
    image: { url: "ghcr.io/acme/nightly:1", creds: { fromRegistryCreds: { name: ghcr } } }
    plan: starter
    schedule: 0 3 * * *
    dockerCommand: run
  - type: worker
    name: jobs
    runtime: python
    plan: starter
    repo: https://github.com/acme/jobs
    buildCommand: pip install
    startCommand: python jobs.py
    numInstances: 3
    suspended: true
registryCredentials:
  - { name: ghcr, registry: GITHUB, username: acme, authToken: { value: t } }
webhooks:
  - { name: deploys, url: "https://hooks.example.com/in", events: [deploy_ended] }
notifications: { email: true, send: failure }
logStream: { endpoint: "logs.example.com:6514", token: { value: t } }
metricsStream: { provider: CUSTOM, url: "https://metrics.example.com", token: { value: t } }
dedicatedIps: [{ name: out, region: oregon }]
`;
