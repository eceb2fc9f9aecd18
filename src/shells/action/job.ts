import { resolve } from "node:path";
import { Secret } from "../../core/base/secret.ts";
import { openGithub, type Github } from "../../github/client.ts";
import { apiHost } from "../../commands/accounts/api-host.ts";
import { pathFrom } from "../../commands/base/file-path.ts";
import type { World } from "../../world/world.ts";
import type { Event } from "./event.ts";
import type { Inputs } from "./inputs.ts";

/** Where the job runs. */
export type Job = {
  readonly inputs: Inputs;
  readonly event: Event;
  readonly environment: { readonly [name: string]: string | undefined };
  /** The checkout, and the folder in it that the files are named from. */
  readonly workspace: string;
  readonly folder: string;
  /** The page of this run, where everything can be read. */
  readonly page?: string;
  /** Absent without a token: nothing is told on the pull request then. */
  readonly github?: Github;
};

/** The token goes to no server over plain http, but for one on this machine. */
const githubApi = {
  variable: "GITHUB_API_URL",
  origin: "https://api.github.com",
  path: "",
  credential: "token",
} as const;

export function openJob(
  inputs: Inputs,
  event: Event,
  {
    environment,
    world,
    version,
  }: Pick<Job, "environment"> & { readonly world: World; readonly version: string },
): Job {
  const { GITHUB_WORKSPACE: workspace = process.cwd(), GITHUB_REPOSITORY: repository } = environment;
  const { GITHUB_SERVER_URL: server, GITHUB_RUN_ID: run, GITHUB_API_URL: given } = environment;
  const { githubToken } = inputs;
  const page = server && repository && run ? `${server}/${repository}/actions/runs/${run}` : undefined;
  const github =
    githubToken !== undefined && repository !== undefined
      ? openGithub({
          world,
          apiUrl: apiHost(githubApi, given),
          repository,
          token: new Secret(githubToken),
          userAgent: `trueup/${version}`,
        })
      : undefined;
  return {
    inputs,
    event,
    environment,
    workspace,
    folder: resolve(workspace, inputs.workingDirectory),
    ...(page !== undefined && { page }),
    ...(github && { github }),
  };
}

/** The path of a file of the user's from the root of the checkout, as annotations name it. */
export function pathInCheckout(
  { workspace, folder }: Pick<Job, "workspace" | "folder">,
  file: string,
): string {
  return pathFrom(workspace, resolve(folder, file));
}
