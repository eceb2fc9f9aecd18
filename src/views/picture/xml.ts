import { escapeText } from "../base/escape.ts";

/** A text from outside in XML or HTML, between tags and in a quoted attribute. */
export function xml(outside: string): string {
  return escapeText(outside).replaceAll(/[&<>"'`]/gu, (sign) => `&#${sign.codePointAt(0)};`);
}

/** A length in a picture, with at most one digit after the point, so that equal pictures are equal bytes. */
export function px(length: number): string {
  return String(Math.round(length * 10) / 10);
}
