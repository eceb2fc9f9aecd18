import { openScene } from "../scene.ts";
import { makeFiles } from "./every-key.ts";

export type SentBody = { readonly method: string; readonly path: string; readonly body: unknown };

/** What an apply of a file with every key of the format sends, and another one in which all of them differ. */
export async function collectSentBodies(): Promise<readonly SentBody[]> {
  const sent: SentBody[] = [];
  const scene = await openScene({
    limits: "off",
    environment: { TOKEN: "a-token-of-some-length" },
    send: (send) => (request) => {
      const path = new URL(request.url).pathname.replace(/^\/v1/, "");
      if (request.body !== undefined)
        sent.push({ method: request.method, path, body: JSON.parse(request.body) as unknown });
      return send(request);
    },
  });
  try {
    for (const text of makeFiles()) {
      await scene.write(text);
      const { problems, verdict } = await scene.apply({ adopt: true, allowDataLoss: ["render/key-value/*"] });
      if (verdict !== "done")
        throw new Error(`the apply was ${verdict}: ${JSON.stringify(problems, null, 1)}`);
      const { steps } = await scene.plan();
      if (steps.length > 0) throw new Error(`left to do: ${steps.map((step) => step.id).join(", ")}`);
    }
  } finally {
    await scene.close();
  }
  return sent;
}
