import { isObject } from "../core/base/json.ts";
import type { Github } from "./client.ts";

/** A remark on a line of a file, as the page of a pull request shows it beside the line. */
export type Annotation = {
  readonly path: string;
  readonly line: number;
  readonly level: "notice" | "warning" | "failure";
  readonly title: string;
  readonly message: string;
};

/** The result of one label for one commit. */
export type Check = {
  readonly name: string;
  readonly commit: string;
  readonly conclusion: "success" | "failure" | "neutral" | "action_required";
  readonly title: string;
  readonly summary: string;
  /** Ours, kept and given back as it is. */
  readonly text?: string;
  readonly url?: string;
  readonly annotations: readonly Annotation[];
};

/** A check run of a commit as a list shows it. */
export type ShownCheck = {
  readonly id: number;
  readonly name: string;
  readonly title: string;
  readonly text: string;
};

/** GitHub takes 50 annotations with a call; more come with further calls to the same check. */
const annotationsAtOnce = 50;
/** Of a summary or a text, in characters. */
const longestText = 65_535;

/**
 * Makes the finished check run of a label, or writes over the one that this commit has under that name. Needs the permission
 * `checks: write`, which a token of a fork never has.
 */
export async function writeCheck(github: Github, check: Check): Promise<string | undefined> {
  const { name, commit, conclusion, title, summary, text, url, annotations } = check;
  const output = {
    title: title.slice(0, 255),
    summary: summary.slice(0, longestText),
    ...(text !== undefined && { text: text.slice(0, longestText) }),
  };
  const known = (await listChecks(github, commit)).find((one) => one.name === name);
  const state = { name, status: "completed", conclusion, ...(url !== undefined && { details_url: url }) };
  const pages = pagesOf(annotations.map(writeAnnotation));
  let [id, shown]: [number | undefined, string | undefined] = [known?.id, undefined];
  for (const [index, page] of pages.entries()) {
    const body = { ...(index === 0 && state), output: { ...output, annotations: page } };
    const answer =
      id === undefined
        ? await github.send("POST", "/repos/{owner}/{repo}/check-runs", { ...body, head_sha: commit })
        : await github.send("PATCH", "/repos/{owner}/{repo}/check-runs/{check_run_id}", {
            ...body,
            check_run_id: id,
          });
    if (!isObject(answer)) continue;
    if (typeof answer["id"] === "number") id = answer["id"];
    if (typeof answer["html_url"] === "string") shown = answer["html_url"];
  }
  return shown;
}

/** The newest check run of each name on a commit. */
export async function listChecks(github: Github, commit: string): Promise<readonly ShownCheck[]> {
  const path = "/repos/{owner}/{repo}/commits/{ref}/check-runs";
  const found = await github.list(path, { ref: commit, filter: "latest" }, "check_runs");
  return found.flatMap((one) => {
    if (!isObject(one) || typeof one["id"] !== "number" || typeof one["name"] !== "string") return [];
    const output = isObject(one["output"]) ? one["output"] : {};
    const [title, text] = [output["title"], output["text"]];
    return [
      {
        id: one["id"],
        name: one["name"],
        title: typeof title === "string" ? title : "",
        text: typeof text === "string" ? text : "",
      },
    ];
  });
}

function pagesOf<T>(items: readonly T[]): readonly (readonly T[])[] {
  const pages: T[][] = [[]];
  for (const item of items) {
    const last = pages.at(-1)!;
    if (last.length < annotationsAtOnce) last.push(item);
    else pages.push([item]);
  }
  return pages;
}

function writeAnnotation({ path, line, level, title, message }: Annotation) {
  return {
    path,
    start_line: line,
    end_line: line,
    annotation_level: level,
    title: title.slice(0, 255),
    message: message.slice(0, 64_000),
  };
}
