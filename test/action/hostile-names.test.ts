import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { pullRequest, startRunner, type Job, type Runner } from "./runner.ts";

/** Names that would do something where they are shown as they are. */
const hostile = [
  "x\n::error file=a::pwned",
  "::add-mask::x",
  "##[error]pwned",
  "</details><script>alert(1)</script>",
  "<!-- trueup {} -->",
  "@ada and #1",
  "\u202egnp.exe",
  "\u001b[31mred\u0007",
  "`| a | b |` ```",
  "![x](http://evil.test/x.png)",
  '"]; click n0 "javascript:x"',
];

let runner: Runner;
beforeEach(async () => void (runner = await startRunner()));
afterEach(() => runner.close());

const quote = (text: string): string => JSON.stringify(text);
/** What a file may not have as a name; that it says so is told with the name in it. */
const isRefused = (name: string): boolean => /[\p{Cc}\p{Cf}]/u.test(name);
const blocks = (names: readonly string[]): string =>
  names
    .map(
      (name, index) =>
        `  - {name: ${quote(`g${index} ${name}`)}, envVars: [{key: K${index}, value: ${quote(name)}}]}\n`,
    )
    .join("");
const fileOf = (names: readonly string[], plan: string): string =>
  `envVarGroups:\n${blocks(names)}services:\n  - {type: worker, name: "w </details>", runtime: image, image: {url: "nginx:@ada"}, plan: ${plan}}\n`;

/** What a reader could be hurt by, in Markdown as GitHub shows it. */
function wrongInMarkdown(text: string): readonly string[] {
  // The marker is no text: GitHub shows no comment of HTML.
  const page = micromark(text.replace(/^<!-- trueup .*\n/u, ""), {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
    allowDangerousHtml: true,
  });
  const folds = page.split("<details").length - page.split("</details>").length;
  const shown = page.replaceAll(/<code[\s\S]*?<\/code>/gu, "");
  return [
    ...(/<script|<img|(?:href|src)="\s*javascript:/iu.test(page) ? ["a tag that does something"] : []),
    ...(folds === 0 ? [] : ["a fold that is not closed"]),
    ...(/(?<!\w)@ada\b/u.test(shown) ? ["a mention"] : []),
    ...(/[\p{Cc}\p{Cf}]/u.test(text.replaceAll("\n", "")) ? ["a character that cannot be seen"] : []),
    ...(text
      .split("\n")
      .slice(1)
      .some((line) => line.startsWith("<!-- trueup"))
      ? ["a marker"]
      : []),
  ];
}

/** Lines of a log that the runner would obey, besides those that the Action itself writes. */
function wrongInLog({ log }: Job): readonly string[] {
  return log
    .split("\n")
    .filter(
      (line) =>
        /^\s*::(?!add-mask::|(?:error|warning|notice)(?: |::))|##\[/u.test(line) ||
        /pwned/u.test(
          line.replace(/\\u\{3a\}:error.*|##?\\u\{?.*/u, "").replace(/^::(?:error|warning|notice).*/u, ""),
        ),
    )
    .filter((line) => !line.includes("\\u{"));
}

describe("hostile names in a file, a label, a branch and the account", () => {
  test("get through in no comment, summary, annotation or log", async () => {
    const headers = {
      authorization: `Bearer ${runner.simulator.env["RENDER_API_KEY"]}`,
      "content-type": "application/json",
    };
    const ownerId = runner.simulator.env["RENDER_OWNER_ID"];
    await fetch(`${runner.simulator.env["RENDER_HOST"]}/env-groups`, {
      method: "POST",
      headers,
      body: JSON.stringify({ name: `g2 ${hostile[3]}`, ownerId, envVars: [] }),
    });
    const text = fileOf(hostile, "starterr");
    const head = await runner.push("feature", text);
    const event = {
      event: "pull_request",
      payload: { ...pullRequest(7, head), sender: { login: hostile[0] } },
      at: "feature",
    };
    const env = { GITHUB_HEAD_REF: hostile[0]!, GITHUB_ACTOR: hostile[4]! };
    const label = "a`|@ada <!-- -->";
    const broken = await runner.run({ ...event, env, inputs: { command: "plan", state: "git", label } });
    const whole = await runner.push(
      "feature",
      fileOf(
        hostile.filter((name) => !isRefused(name)),
        "starter",
      ),
    );
    const planned = await runner.run({
      ...event,
      env,
      payload: pullRequest(7, whole),
      inputs: { command: "plan", state: "git", label, adopt: "true" },
    });
    const rolled = await runner.run({
      ...event,
      env,
      payload: pullRequest(7, whole),
      inputs: { command: "plan", state: "git", label, comment: "rollup" },
    });
    expect({ code: planned.code, log: planned.log }).toMatchObject({ code: 0 });
    expect(broken.summary).toContain("::error file");
    expect(planned.summary).toContain("g0%20::add-mask");
    const comments = runner.github.comments.map(({ body }) => String(body));
    expect(comments.length).toBeGreaterThan(1);
    const texts = [...comments, broken.summary, planned.summary, rolled.summary];
    expect(texts.flatMap(wrongInMarkdown)).toEqual([]);
    expect([broken, planned, rolled].flatMap(wrongInLog)).toEqual([]);
    const checks = runner.github.checks.map(
      ({ output }) => output as { readonly summary: string; readonly title: string },
    );
    expect(
      checks.flatMap(({ summary, title }) => [...wrongInMarkdown(summary), ...wrongInMarkdown(title)]),
    ).toEqual([]);
  });

  test("what this looks for is found", () => {
    for (const name of [
      "</details><script>x</script>",
      "@ada",
      "\u202ex",
      "![x](http://a.test)",
      "<details>",
    ])
      expect(wrongInMarkdown(`### x\n\n${name}\n`), name).not.toEqual([]);
    const log = { log: "fine\n::set-output name=x::y\n##[error]x" } as Job;
    expect(wrongInLog(log)).toHaveLength(2);
  });
});
