import { pino, type Logger } from "pino";
import { isObject } from "../../../core/base/json.ts";
import { escapeText } from "../../../views/base/escape.ts";
import type { LogLevel } from "./common-options.ts";

/** The log goes to stderr, synchronously, so that nothing of it is lost when the process ends. */
export function openLog(level: LogLevel, format: "text" | "json", write: (line: string) => void): Logger {
  const options = { level, base: null };
  return format === "json"
    ? pino(options, pino.destination({ fd: 2, sync: true }))
    : pino(
        { ...options, formatters: { level: (label) => ({ level: label }) } },
        { write: (line) => write(describeLine(line)) },
      );
}

/** `debug call method=GET path=/services status=200` */
function describeLine(line: string): string {
  const entry: unknown = JSON.parse(line);
  if (!isObject(entry)) return line;
  const { level, time: _time, msg, ...facts } = entry;
  const told = Object.entries(facts).map(
    ([name, fact]) => `${name}=${typeof fact === "string" ? fact : JSON.stringify(fact)}`,
  );
  return `${escapeText([String(level), String(msg), ...told].join(" "))}\n`;
}
