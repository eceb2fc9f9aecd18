import { expect, test } from "vitest";
import {
  labelOfFolder,
  partitionFolder,
  simulatorFolder,
} from "../../../src/store/partition/partition-folder.ts";

test.each([
  ["production", "production"],
  ["a/b", "a%2Fb"],
  ["Größe", "Gr%C3%B6%C3%9Fe"],
  ["it's (new)!*~", "it%27s%20%28new%29%21%2A%7E"],
  ["key", "%6Bey"],
  ["KEY", "%4BEY"],
  ["keys", "keys"],
  ["README.md", "%52EADME.md"],
  [".", "%2E"],
  ["..", "%2E."],
  [".git", "%2Egit"],
  [simulatorFolder, "%2Esimulator"],
  ["", "%"],
])("the label %j lies in %s, and that is nobody else's", (label, folder) => {
  expect(partitionFolder(label)).toBe(folder);
  expect(labelOfFolder(folder)).toBe(label);
});

test.each(["key", ".git", "..", "README.md", "%E0%A4%A", "a b", "a%2fb", "%61", "%%"])(
  "the folder %j is no label's",
  (folder) => {
    expect(labelOfFolder(folder)).toBeUndefined();
  },
);
