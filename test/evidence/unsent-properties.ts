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
