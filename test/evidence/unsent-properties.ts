const datadog = "a key of another company for one database; the workspace's metrics stream has its place";
const older = "an older spelling of a member that is sent";
const answer = "a member of the answer, which the description reuses for the request of cron jobs";
const byHand = "a choice for a deploy that a person starts";

/** Members of bodies of ours that are never sent, and why. A row that is sent after all fails. */
export const neverSent: { readonly [property: string]: string } = {
  "PATCH /postgres/{} datadogAPIKey": datadog,
  "PATCH /postgres/{} datadogSite": datadog,
  "POST /postgres datadogAPIKey": datadog,
  "POST /postgres datadogSite": datadog,
  "PATCH /services/{} autoDeploy": older,
  "POST /services autoDeploy": older,
  "POST /services serviceDetails.env": older,
  "PATCH /services/{} serviceDetails.pullRequestPreviewsEnabled": older,
  "POST /services serviceDetails.pullRequestPreviewsEnabled": older,
  "POST /services serviceDetails.envSpecificDetails.preDeployCommand": "sent beside it, as recorded",
  "POST /services serviceDetails.envSpecificDetails.registryCredential.id": answer,
  "POST /services serviceDetails.envSpecificDetails.registryCredential.name": answer,
  "POST /services serviceDetails.envSpecificDetails.registryCredential.registry": answer,
  "POST /services serviceDetails.envSpecificDetails.registryCredential.updatedAt": answer,
  "POST /services serviceDetails.envSpecificDetails.registryCredential.username": answer,
  "POST /services serviceDetails.routes[].priority": "the order of the list is the priority (recorded)",
  "POST /env-groups serviceIds[]": "the service links itself, once both are there",
  "POST /services/{}/deploys clearCache": byHand,
  "POST /services/{}/deploys commitId": byHand,
  "POST /services/{}/deploys deployMode": byHand,
  "POST /services/{}/deploys imageUrl": byHand,
};

const newer = "in the newer description, the SDK's";

/** Members that are sent and that this description, the older one, does not have. */
export const beyondDescription: { readonly [property: string]: string } = {
  "PATCH /dedicated-ips/{} description": newer,
  "PATCH /dedicated-ips/{} environmentIds[]": newer,
  "PATCH /dedicated-ips/{} name": newer,
  "POST /dedicated-ips description": newer,
  "POST /dedicated-ips environmentIds[]": newer,
  "POST /dedicated-ips name": newer,
  "POST /dedicated-ips ownerId": newer,
  "POST /dedicated-ips region": newer,
  "PATCH /key-value/{} persistenceMode": newer,
  "POST /key-value persistenceMode": newer,
  "PATCH /postgres/{} connectionPool": newer,
  "POST /postgres connectionPool": newer,
  "PATCH /services/{} autoDeployTrigger": newer,
  "POST /services autoDeployTrigger": newer,
};
