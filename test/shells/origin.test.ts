import { expect, it } from "vitest";
import { httpsForm } from "../../src/shells/cli/base/origin.ts";

it.each([
  ["git@github.com:acme/app.git", "https://github.com/acme/app"],
  ["ssh://git@github.com:22/acme/app.git", "https://github.com/acme/app"],
  ["https://token:x@gitlab.com/acme/group/app.git/", "https://gitlab.com/acme/group/app"],
  ["https://github.com/acme/app", "https://github.com/acme/app"],
  ["/srv/git/app.git", undefined],
  ["../app", undefined],
  ["file:///srv/git/app", undefined],
  ["", undefined],
])("%s is %s for Render", (remote, expected) => {
  expect(httpsForm(remote)).toBe(expected);
});
