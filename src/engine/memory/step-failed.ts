import type { Address } from "../../core/base/address.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";

/** The error of a step, with its address, code, message and remedy. */
export function stepFailed(address: Address, code: string, message: string, remedy: string): ProblemError {
  return new ProblemError([problem("error", code, message, remedy, { address })]);
}
