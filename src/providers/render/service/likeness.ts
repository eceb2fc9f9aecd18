import type { Desired, Spec } from "../../../core/model/desired.ts";
import { isObject } from "../../../core/base/json.ts";
import type { Scope } from "../../../core/kind/scope.ts";
import type { Found } from "../../../core/model/live.ts";
import { wordOf } from "../mapping.ts";
import { normalReference } from "./fields/image.ts";
import { apiType } from "./mapping.ts";

const commands = ["rootDir", "buildCommand", "startCommand", "dockerCommand", "dockerfilePath"] as const;

/**
 * Whether a service does what a block asks: the same commands on the same source, under whatever name. Two workers of
 * one repository run different commands. Branch, plan and size are not compared, since they may have changed with the
 * name.
 */
export function isLikeService({ raw, spec }: Found, desired: Desired, { repository }: Scope): boolean {
  if (raw["type"] !== apiType(desired.spec)) return false;
  const wanted: Spec = { ...(repository !== undefined && { repo: repository }), ...desired.spec };
  const isSame = sourceOf(spec) === sourceOf(wanted);
  return isSame && commands.every((field) => textOf(spec[field]) === textOf(wanted[field]));
}

/** Where a service comes from: the image without its tag, or the repository in one spelling of its URL. */
function sourceOf(spec: { readonly [field: string]: unknown }): string {
  const { image, repo } = spec;
  if (isObject(image)) {
    return normalReference(wordOf(image["url"]))
      .replace(/@.*$/u, "")
      .replace(/:[^/:]*$/u, "");
  }
  return textOf(repo)
    .replace(/\.git$/u, "")
    .replace(/\/+$/u, "")
    .toLowerCase();
}

/** A text in one spelling: absent, null and empty are the same, and `.` and `./` mean the root. */
function textOf(value: unknown): string {
  const text = typeof value === "string" ? value.trim() : "";
  return text === "." || text === "./" ? "" : text.replace(/^\.\//u, "");
}
