import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { findScreen, type Output } from "../../src/shells/cli/base/shell.ts";

const terminal: Output = Object.assign(new PassThrough(), { isTTY: true, columns: 93 });
const pipe: Output = new PassThrough();

describe("findScreen", () => {
  it("draws in colour on a terminal alone, and on none that says no", () => {
    expect(findScreen(terminal, {}, { color: true })).toEqual({
      columns: 93,
      colour: true,
      unicode: true,
      verbose: false,
    });
    expect(findScreen(pipe, {}, { color: true })).toEqual({
      columns: 100,
      colour: false,
      unicode: true,
      verbose: false,
    });
    expect(findScreen(terminal, {}, { color: false }).colour).toBe(false);
    expect(findScreen(terminal, { NO_COLOR: "1" }, { color: true }).colour).toBe(false);
    expect(findScreen(terminal, { NO_COLOR: "" }, { color: true }).colour).toBe(true);
    expect(findScreen(terminal, { TERM: "dumb" }, { color: true }).colour).toBe(false);
  });

  it("keeps to ASCII where the locale or the user says so", () => {
    expect(findScreen(pipe, { LANG: "C" }, { color: true }).unicode).toBe(false);
    expect(findScreen(pipe, { LC_ALL: "POSIX", LANG: "en_US.UTF-8" }, { color: true }).unicode).toBe(false);
    expect(findScreen(pipe, { LANG: "en_US.utf8" }, { color: true }).unicode).toBe(true);
    expect(findScreen(pipe, { TRUEUP_ASCII: "1" }, { color: true }).unicode).toBe(false);
  });

  it("takes the width of a file from COLUMNS", () => {
    expect(findScreen(pipe, { COLUMNS: "140" }, { color: true }).columns).toBe(140);
    expect(findScreen(pipe, { COLUMNS: "wide" }, { color: true }).columns).toBe(100);
  });
});
