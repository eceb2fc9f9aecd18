import { expect, test } from "vitest";
import { problem, ProblemError } from "../../../src/core/base/problem.ts";
import { isUnwritten, unwritten } from "../../../src/core/guards/unwritten.ts";

const failure = (code: string): Error => Object.assign(new Error(code), { code });

test.each([
  ["ENOSPC", "there is no space left on the disk"],
  ["EDQUOT", "the quota of the disk is used up"],
  ["EFBIG", "the file may not grow any more"],
  ["EROFS", "the disk is read-only"],
  ["EIO", "the disk does not answer"],
  ["EACCES", "this user may not write there"],
  ["EPERM", "this user may not write there"],
  ["EMFILE", "too many files are open"],
  ["ENFILE", "too many files are open"],
])("a state that the system does not take for %s was not written, and says why", (code, reason) => {
  const error = failure(code);
  const told = unwritten(error, "state/production");
  expect(isUnwritten(told)).toBe(true);
  expect(told).toMatchObject({ cause: error, problems: [{ severity: "error" }] });
  expect((told as ProblemError).problems[0]!.message).toBe(
    `The state in state/production could not be written: ${reason} (${code}).`,
  );
});

test("every other failure is handed back as it is", () => {
  const lost = new ProblemError([problem("error", "lock-lost", "", "")]);
  const others = [failure("ENOENT"), failure("toString"), new Error("no code"), lost, "text", undefined];
  for (const error of others) {
    expect(unwritten(error, "state")).toBe(error);
    expect(isUnwritten(error)).toBe(false);
  }
});
