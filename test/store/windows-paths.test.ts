import { posix, win32 } from "node:path";
import { describe, expect, test } from "vitest";
import { pathFrom } from "../../src/commands/base/file-path.ts";
import { isInside } from "../../src/store/file/state-folder.ts";

/* What decides about paths, with the paths of Windows: this machine has none of them. */

describe("isInside with the paths of Windows", () => {
  test.each([
    ["C:\\work\\shop", "C:\\work\\shop"],
    ["C:\\work\\shop", "C:\\work\\shop\\state"],
    ["C:\\work\\shop", "c:\\WORK\\Shop\\state"],
    ["C:\\work\\shop", "C:/work/shop/state"],
    ["C:\\work\\shop", "C:\\work\\shop\\..state"],
    ["\\\\server\\share\\shop", "\\\\server\\share\\shop\\state"],
  ])("%s holds %s", (root, path) => {
    expect(isInside(root, path, win32)).toBe(true);
  });

  test.each([
    ["C:\\work\\shop", "C:\\work"],
    ["C:\\work\\shop", "C:\\work\\shop2\\state"],
    ["C:\\work\\shop", "C:\\work\\shop\\..\\other"],
    ["C:\\work\\shop", "D:\\work\\shop\\state"],
    ["C:\\work\\shop", "\\\\server\\share\\work\\shop"],
    ["\\\\server\\share\\shop", "\\\\server\\other\\shop\\state"],
  ])("%s does not hold %s", (root, path) => {
    expect(isInside(root, path, win32)).toBe(false);
  });
});

test("a file has the same name in the state whichever system wrote it", () => {
  expect(pathFrom("C:\\work\\shop", "C:\\work\\shop\\infra\\trueup.yaml", win32)).toBe("infra/trueup.yaml");
  expect(pathFrom("C:\\work\\shop\\infra", "C:\\work\\shop\\trueup.yaml", win32)).toBe("../trueup.yaml");
  expect(pathFrom("/work/shop", "/work/shop/infra/trueup.yaml", posix)).toBe("infra/trueup.yaml");
  // A backslash is a character of a name there.
  expect(pathFrom("/work/shop", "/work/shop/a\\b.yaml", posix)).toBe("a\\b.yaml");
});
