import { beforeAll, describe, expect, test } from "vitest";
import { describeCall, leavesOf, readRequestProperties } from "./request-properties.ts";
import { collectSentBodies } from "./sent-bodies.ts";
import { apiProperties } from "./api-properties.ts";
import { beyondDescription } from "./unsent-properties.ts";

describe("the members of Render's request bodies", () => {
  const { properties, templates } = readRequestProperties();
  const sent = new Set<string>();
  const calls = new Set<string>();

  beforeAll(async () => {
    for (const { method, path, body } of await collectSentBodies()) {
      const call = describeCall(method, path, templates);
      calls.add(call);
      for (const leaf of leavesOf(body)) sent.add(`${call} ${leaf}`);
    }
  });

  /** Only of calls that are sent at all: an operation that trueup has no use for is not a gap of a kind. */
  const ofOurCalls = (property: string): boolean => calls.has(property.split(" ").slice(0, 2).join(" "));

  test("are sent, or left out for a reason that the table gives", () => {
    const unsent = [...properties].filter((property) => ofOurCalls(property) && !sent.has(property)).sort();
    const left = apiProperties.flatMap((entry) =>
      entry.calls.flatMap((call) => Object.keys(entry.left ?? {}).map((member) => `${call} ${member}`)),
    );
    const known = left.filter((property) => properties.has(property) && ofOurCalls(property));
    expect(unsent).toEqual(known.sort());
  });

  test("that are sent are described, or are in the table of what is newer", () => {
    const unknown = [...sent].filter((property) => !properties.has(property)).sort();
    expect(unknown).toEqual(Object.keys(beyondDescription).sort());
  });
});
