/** Thirty-one files with a mistake that people make. Their messages were read by eye; docs/problems.md shows them. */
export type Mistake = { readonly title: string; readonly file?: string; readonly text: string };

export const mistakes: readonly Mistake[] = [
  {
    title: "A tab in the indentation",
    text: "services:\n\t- type: web\n\t  name: api\n",
  },
  {
    title: "A typing error in a key",
    text: "services:\n  - type: web\n    name: api\n    runtime: docker\n    healthCheckpath: /healthz\n",
  },
  {
    title: "A key from Compose",
    text: "services:\n  - type: web\n    name: api\n    runtime: docker\n    ports: [8080]\n    dependsOn: [db]\n",
  },
  {
    title: "A type that does not exist",
    text: "services:\n  - type: static\n    name: site\n    staticPublishPath: dist\n",
  },
  {
    title: "No runtime",
    text: "services:\n  - type: web\n    name: api\n    plan: starter\n",
  },
  {
    title: "A region that does not exist",
    text: "services:\n  - type: worker\n    name: jobs\n    runtime: docker\n    region: frankfort\n",
  },
  {
    title: "Key Value without an allow list",
    text: "services:\n  - type: keyvalue\n    name: cache\n    plan: starter\n",
  },
  {
    title: "An allow list without content",
    text: "databases:\n  - name: main\n    plan: basic-256mb\n    ipAllowList:\n",
  },
  {
    title: "Variables as a mapping",
    text: "services:\n  - type: web\n    name: api\n    runtime: docker\n    envVars:\n      PORT: 8080\n      API_TOKEN: rnd_0123456789abcdefghij\n",
  },
  {
    title: "Variables without `key`",
    text: "services:\n  - type: web\n    name: api\n    runtime: docker\n    envVars:\n      - PORT: 8080\n",
  },
  {
    title: "A secret in the file",
    text: "services:\n  - type: web\n    name: api\n    runtime: docker\n    envVars:\n      - key: STRIPE_KEY\n        value: sk_live_0123456789abcdef\n",
  },
  {
    title: "Two sources for one value",
    text: "services:\n  - type: web\n    name: api\n    runtime: docker\n    envVars:\n      - key: SESSION_KEY\n        generateValue: true\n        sync: false\n",
  },
  {
    title: "An invented property",
    text: "services:\n  - type: web\n    name: api\n    runtime: docker\n    envVars:\n      - key: DATABASE_URL\n        fromDatabase:\n          name: main\n          property: internalConnectionString\ndatabases:\n  - name: main\n",
  },
  {
    title: "A variable that the other service does not have",
    text: "services:\n  - type: web\n    name: api\n    runtime: docker\n    envVars:\n      - key: SHARED_KEY\n        generateValue: true\n  - type: worker\n    name: jobs\n    runtime: docker\n    envVars:\n      - key: SHARED_KEY\n        fromService: {type: web, name: api, envVarKey: SHARD_KEY}\n",
  },
  {
    title: "The address of a worker",
    text: "services:\n  - type: web\n    name: api\n    runtime: docker\n    envVars:\n      - key: JOBS_HOST\n        fromService: {type: worker, name: jobs, property: hostport}\n  - type: worker\n    name: jobs\n    runtime: docker\n",
  },
  {
    title: "The same name twice",
    text: "services:\n  - type: web\n    name: api\n    runtime: docker\n  - type: worker\n    name: api\n    runtime: docker\n",
  },
  {
    title: "A disk with three instances",
    text: "services:\n  - type: web\n    name: api\n    runtime: docker\n    numInstances: 3\n    disk:\n      name: data\n      mountPath: /var/data\n",
  },
  {
    title: "A version without quotes and a size that does not exist",
    text: "databases:\n  - name: main\n    postgresMajorVersion: 18\n    diskSizeGB: 12\n",
  },
  {
    title: "A key of trueup's in a render.yaml",
    file: "render.yaml",
    text: "services:\n  - type: web\n    name: api\n    runtime: docker\n    lifecycle:\n      protect: true\n    envVars:\n      - key: STRIPE_KEY\n        fromEnvironment: STRIPE_KEY\n",
  },
  {
    title: "A database at the wrong place",
    text: "services:\n  - type: web\n    name: api\n    runtime: node\n    databases:\n      - name: main\nredis:\n  - name: cache\n",
  },
  {
    title: "A line with a space too few",
    text: "services:\n  - type: web\n    name: api\n   runtime: docker\n    plan: starter\n    region: oregon\n",
  },
  {
    title: "An entry below the wrong one",
    text: "services:\n  - type: web\n    name: api\n    runtime: docker\n    envVars:\n      - key: PORT\n        value: 8080\n        - key: LEVEL\n          value: info\n",
  },
  {
    title: "A value beside its key",
    text: "services:\n  - type: web\n    name: api\n    runtime: docker\n    envVars:\n      - key: PORT\n      value: 8080\n",
  },
  {
    title: "Variables as Compose and Docker have them",
    text: "services:\n  - type: web\n    name: api\n    runtime: docker\n    envVars:\n      - LEVEL=info\n",
  },
  {
    title: "A shortened key",
    text: "services:\n  - type: web\n    name: api\n    runtime: docker\n    autodeploy: true\n",
  },
  {
    title: "A shortened property",
    text: "services:\n  - type: web\n    name: api\n    runtime: docker\n    envVars:\n      - key: DATABASE_URL\n        fromDatabase: {name: main, property: connString}\ndatabases:\n  - name: main\n",
  },
  {
    title: "A region of another cloud",
    text: "services:\n  - type: worker\n    name: jobs\n    runtime: docker\n    region: eu-west-1\n",
  },
  {
    title: "A colon in a command",
    text: "services:\n  - type: worker\n    name: jobs\n    runtime: node\n    buildCommand: npm ci\n    startCommand: node -e console.log(1) # then: done\n    preDeployCommand: echo now: migrate\n",
  },
  {
    title: "A quote that is not closed",
    text: 'services:\n  - type: worker\n    name: jobs\n    runtime: docker\n    dockerCommand: "node jobs.js\n',
  },
  {
    title: "A template",
    text: "services:\n  - type: web\n    name: {{cookiecutter.project_slug}}\n    runtime: docker\n",
  },
  {
    title: "One key twice",
    text: "services:\n  - type: web\n    name: api\n    runtime: docker\n    plan: starter\n    plan: standard\n",
  },
];

/** Command lines that people type, most of them out of a habit from another tool. */
export const mistypedCommands: readonly { readonly title: string; readonly line: string }[] = [
  { title: "A mistyped command", line: "aply" },
  { title: "A mistyped option", line: "plan --shedule" },
  { title: "A file without -f", line: "plan render.yaml" },
  { title: "A file where a saved plan belongs", line: "apply render.yaml" },
  { title: "Terraform's consent", line: "apply -auto-approve" },
  { title: "Terraform's single dashes", line: "plan -out=saved.json" },
  { title: "Terraform's target", line: "plan -target api" },
  { title: "Terraform's import", line: "import render/service/api srv-abc123" },
  { title: "Pulumi's preview", line: "preview" },
];
