import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { findScreen, type Output } from "../../src/shells/cli/base/shell.ts";

const terminal: Output = Object.assign(new PassThrough(), { isTTY: true, columns: 93 });
const pipe: Output = new PassThrough();

describe("findScreen", () => {
  it("draws in colour on a terminal alone, and on none that says no", () => {
    expect(findScreen(terminal, {}, true)).toEqual({ columns: 93, colour: true, unicode: true });
    expect(findScreen(pipe, {}, true)).toEqual({ columns: 100, colour: false, unicode: true });
    expect(findScreen(terminal, {}, false).colour).toBe(false);
    expect(findScreen(terminal, { NO_COLOR: "1" }, true).colour).toBe(false);
    expect(findScreen(terminal, { NO_COLOR: "" }, true).colour).toBe(true);
    expect(findScreen(terminal, { TERM: "dumb" }, true).colour).toBe(false);
  });

  it("keeps to ASCII where the locale or the user says so", () => {
    expect(findScreen(pipe, { LANG: "C" }, true).unicode).toBe(false);
    expect(findScreen(pipe, { LC_ALL: "POSIX", LANG: "en_US.UTF-8" }, true).unicode).toBe(false);
    expect(findScreen(pipe, { LANG: "en_US.utf8" }, true).unicode).toBe(true);
    expect(findScreen(pipe, { TRUEUP_ASCII: "1" }, true).unicode).toBe(false);
  });

  it("takes the width of a file from COLUMNS", () => {
    expect(findScreen(pipe, { COLUMNS: "140" }, true).columns).toBe(140);
    expect(findScreen(pipe, { COLUMNS: "wide" }, true).columns).toBe(100);
  });
});
