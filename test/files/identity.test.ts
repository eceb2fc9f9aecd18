import { describe, expect, test } from "vitest";
import { fileIdOf, normaliseOrigin } from "../../src/core/model/file-identity.ts";

describe("an origin, however it is written, is one repository", () => {
  test.each([
    "git@github.com:Acme/App.git",
    "github.com:acme/app",
    "ssh://git@github.com/acme/app.git",
    "ssh://git@ssh.github.com:443/acme/app.git",
    "https://github.com/acme/app",
    "https://GitHub.com/acme/app.git/",
    "https://x-access-token:ghs_secret@github.com/acme/app",
    "http://github.com//acme//app/",
    "git://github.com/acme/app.git",
    "git+ssh://git@github.com/acme/app.git",
    " https://github.com/acme/app?x=1#y\n",
  ])("%s", (origin) => {
    expect(normaliseOrigin(origin)).toBe("github.com/acme/app");
  });
});

test.each([
  ["https://git.acme.test/Team/App.git", "git.acme.test/Team/App"],
  ["ssh://git@git.acme.test:2222/Team/App.git", "git.acme.test/Team/App"],
  ["https://git.acme.test:8443/Team/App", "git.acme.test:8443/Team/App"],
  ["http://localhost:3000/acme/app", "localhost:3000/acme/app"],
  ["git@[2001:db8::1]:acme/app.git", "[2001:db8::1]/acme/app"],
  ["git@gitlab.com:acme/group/sub/app.git", "gitlab.com/acme/group/sub/app"],
  ["https://dev.azure.com/acme/Web/_git/app", "dev.azure.com/acme/Web/_git/app"],
  ["/srv/git/app.git", "file:/srv/git/app"],
  ["/srv/git/app.git/", "file:/srv/git/app"],
  ["file:///srv/git/app", "file:/srv/git/app"],
  ["C:\\git\\app.git", "file:C:/git/app"],
])("%s is %s: what tells two repositories apart stays", (origin, id) => {
  expect(normaliseOrigin(origin)).toBe(id);
});

test.each(["", "   ", "https://github.com/", "https://user:secret@"])("%j names no repository", (origin) => {
  expect(normaliseOrigin(origin)).toBeUndefined();
});

test("credentials are in no identity, whatever they hold", () => {
  for (const user of ["token", "a:b", "a%40b:c%2Fd", "oauth2:glpat-secret", "user:p@ss"]) {
    expect(normaliseOrigin(`https://${user}@example.com/acme/app.git`)).toBe("example.com/acme/app");
  }
});

test("a path alone is a file of no repository", () => {
  expect(fileIdOf({ path: "../a.yaml" })).toBe("../a.yaml");
  expect(fileIdOf({ repository: "github.com/acme/app", path: "a.yaml" })).toBe("github.com/acme/app//a.yaml");
});
