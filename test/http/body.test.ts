import { describe, expect, test } from "vitest";
import type { Address } from "../../src/core/base/address.ts";
import { valueHole, type Body } from "../../src/core/model/write.ts";
import { revealSecret, Secret } from "../../src/core/base/secret.ts";
import { literal, type Value } from "../../src/core/model/value.ts";
import { fillBody, type Filling } from "../../src/http/body.ts";

const api: Address = "render/service/api";

/** Literals are known, what is generated is asked of the API, everything else is not there. */
const filling: Filling = {
  id: (address, half) => (half ? `id of the ${half} of ${address}` : `id of ${address}`),
  asideName: (address) => `name that ${address} steps aside to`,
  newObjectName: (address) => `name of the successor of ${address}`,
  value: (value) => {
    if (value.from === "literal") return new Secret(value.text);
    return value.from === "generated" ? "generate" : undefined;
  },
  entries: () => [
    { entry: "A", value: new Secret("one") },
    { entry: "B", value: "generate" },
  ],
  list: (hole) => hole.declared,
};

function variable(key: string, value: Value): Body {
  return { key, value: valueHole(value, api, `envVars.${key}`) };
}

function sent(body: Body): unknown {
  return JSON.parse(fillBody(body, filling).text);
}

describe("a body", () => {
  test("without holes is sent as it is", () => {
    const body = { a: [1, null, { b: "text" }], c: false };
    expect(sent(body)).toEqual(body);
  });

  test("names the id that a resource has when the call is sent", () => {
    expect(sent({ registryCredentialId: { hole: "id", of: "render/registry-credential/ghcr" } })).toEqual({
      registryCredentialId: "id of render/registry-credential/ghcr",
    });
  });

  test("asks the API for what is generated, and leaves out what nobody gave", () => {
    const envVars = [
      variable("A", literal("one")),
      variable("B", { from: "generated" }),
      variable("C", { from: "asked" }),
    ];
    expect(sent({ envVars })).toEqual({
      envVars: [
        { key: "A", value: "one" },
        { key: "B", generateValue: true },
      ],
    });
    expect(sent({ value: valueHole({ from: "asked" }, api, "envVars.C") })).toEqual({});
  });

  test("replaces a whole list with what is to be there", () => {
    const hole: Body = {
      hole: "entries",
      of: api,
      field: "envVars",
      members: { key: ["key"], value: "value" },
      set: {},
      removed: [],
    };
    expect(sent(hole)).toEqual([
      { key: "A", value: "one" },
      { key: "B", generateValue: true },
    ]);
  });

  test("hands over every secret that is in it, so that answers can be scrubbed of them", () => {
    const text = 'a "quoted"\nline';
    const filled = fillBody({ envVars: [variable("A", literal(text))] }, filling);
    expect(filled.secrets.map((secret) => revealSecret(secret))).toEqual([text]);
    expect(JSON.parse(filled.text)).toEqual({ envVars: [{ key: "A", value: text }] });
  });
});
