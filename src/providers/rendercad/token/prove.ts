import type { Desired } from "../../../core/model/desired.ts";
import { isObject, type JsonObject } from "../../../core/base/json.ts";
import type { Write } from "../../../core/model/write.ts";
import type { Proof } from "../../../core/kind/rotating.ts";
import { asObject, textOf } from "../answer.ts";

type Result = "works" | { readonly failed: string };

const statusPath = "/render.php?action=status";
/** Milliseconds between two looks, as the API asks for (documented), and how many looks: many times longer than an image takes. */
const pollEvery = 2_000;
const mostPolls = 300;

/** A small black square on white, as PNG: all that the cheapest render needs. */
const picture = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAQAAAAEAAQAAAAB0CZXLAAAAPElEQVR42u3YoQEAMAjEwN9/aapRUPRF3wRJDQUAAAAAAOAM0gMAAAAAAAAAAAAAAPgFNgsAAAAAADvwABtHd9p9LNiTAAAAAElFTkSuQmCC",
  "base64",
);
const pictureType = "image/png";

/** Proves that a new token works: the API knows it, and with `checks.render` it can also render an image, which costs one credit. */
export async function proveToken(proof: Proof, { spec }: Desired): Promise<Result> {
  const answer = await proof.reader.get("/auth.php?action=check");
  if (!isObject(answer) || answer["authenticated"] !== true) return { failed: "RENDERCAD does not know it" };
  const checks = spec["checks"] as JsonObject | undefined;
  return checks?.["render"] === true ? proveRender(proof) : "works";
}

/** Renders an image as in the API's quick start: create a job, upload, finalize, and ask until it is done. */
async function proveRender(proof: Proof): Promise<Result> {
  const job = textOf(
    await post(proof, "create_job", { model: "classic", quality: "standard" }),
    "job_id",
    statusPath,
  );
  const slot = { job_id: job, slot: "input_main", content_type: pictureType };
  const place = textOf(await post(proof, "presign_upload", slot), "presigned_url", statusPath);
  if (!(await proof.upload(place, pictureType, picture))) return { failed: "its test image was not taken" };
  await post(proof, "finalize_job", { job_id: job });
  for (let poll = 0; poll < mostPolls; poll += 1) {
    const state = asObject(
      await proof.reader.get(`${statusPath}&job_id=${encodeURIComponent(job)}`),
      statusPath,
    );
    if (state["status"] === "completed") return "works";
    if (state["status"] !== "pending" && state["status"] !== "processing")
      return {
        failed: `its test render ended as ${String(state["status"])}: ${String(state["error_message"])}`,
      };
    await proof.sleep(pollEvery);
  }
  return { failed: "its test render did not end within ten minutes" };
}

async function post(proof: Proof, action: string, body: Write["body"] & object) {
  const path = `/render.php?action=${action}`;
  return asObject(await proof.send({ method: "POST", path, body, budgets: [] }), path);
}
