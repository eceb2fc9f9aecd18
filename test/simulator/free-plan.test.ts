import { afterEach, expect, test } from "vitest";
import { stateOf } from "../file/read.ts";
import { startClient, stopAll } from "./client.ts";

afterEach(stopAll);

type Service = { readonly id: string; readonly serviceDetails: { readonly [field: string]: unknown } };

const free = "services: [{ type: web, name: api, runtime: image, image: { url: nginx }, plan: free }]";

test("a free service has no maintenance mode: it is not shown, and refused", async () => {
  const client = await startClient({ load: [stateOf(free)] });
  const list = await client.call("GET", `/services?ownerId=${client.owner}`);
  const [{ service }] = list.body as [{ readonly service: Service }];
  expect(service.serviceDetails["plan"]).toBe("free");
  expect(service.serviceDetails).not.toHaveProperty("maintenanceMode");
  const serviceDetails = { maintenanceMode: { enabled: false, uri: "" } };
  expect(await client.call("PATCH", `/services/${service.id}`, { serviceDetails })).toMatchObject({
    status: 400,
    body: { message: "maintenance mode can only be configured for non-free tier services" },
  });
});
