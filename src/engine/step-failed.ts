import type { Address } from "../core/address.ts";
import { problem, ProblemError } from "../core/problem.ts";

export function stepFailed(address: Address, code: string, message: string, remedy: string): ProblemError {
  return new ProblemError([problem("error", code, message, remedy, { address })]);
}
