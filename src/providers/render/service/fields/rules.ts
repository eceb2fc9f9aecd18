import type { Fault, Rule } from "../../../../core/model/field.ts";
import { isObject, type JsonObject } from "../../../../core/base/json.ts";
import { checkLogStream } from "../../log-stream/rules.ts";
import { checkKeys } from "../../variable-keys.ts";
import { refuseCron } from "../../../../core/base/cron.ts";

const servers = ["web", "pserv", "worker"];
const nativeRuntimes = ["elixir", "go", "node", "python", "ruby", "rust"];
/** Keys that only a build from a repository uses. */
const buildKeys = [
  "repo",
  "branch",
  "rootDir",
  "buildCommand",
  "buildFilter",
  "dockerfilePath",
  "dockerContext",
];

/** Checks of a service that Render's documentation asks for and its schema does not. */
export const serviceRules: readonly Rule[] = [
  checkRuntime,
  checkImage,
  checkCommands,
  checkFreePlan,
  checkScaling,
  checkPaths,
  checkSchedule,
  checkKeys,
  ({ spec, name }) => checkLogStream(spec["logStream"], "logStream", name),
];

function checkRuntime({ shape, name, spec }: Parameters<Rule>[0]): readonly Fault[] {
  const runtime = spec["runtime"];
  if (servers.includes(shape) && runtime === undefined && spec["buildSource"] === undefined) {
    const remedy = `Add it: docker, image, ${nativeRuntimes.join(", ")}, or static for a static site.`;
    return [fault("missing-key", "error", "name", `The service ${name} lacks \`runtime\`.`, remedy)];
  }
  if (runtime !== "static" || shape === "static") return [];
  const message = `The service ${name} has the runtime static, which is for \`type: web\` only.`;
  return [fault("wrong-value", "error", "runtime", message, "Use `type: web`, or another runtime.")];
}

function checkImage({ name, spec }: Parameters<Rule>[0]): readonly Fault[] {
  const isImage = spec["runtime"] === "image";
  if (isImage && !isObject(spec["image"])) {
    const message = `The service ${name} has \`runtime: image\` and no \`image\`.`;
    return [fault("missing-key", "error", "runtime", message, "Add `image: {url: ...}`.")];
  }
  const unused = isImage ? buildKeys.filter((key) => isSaid(spec, key)) : [];
  const [first] = unused;
  if (first === undefined) return [];
  const words = unused.map((key) => `\`${key}\``).join(", ");
  const message = `The service ${name} runs an image, so ${words} mean nothing.`;
  return [fault("unused-key", "warning", first, message, "Remove them, or use `runtime: docker` to build.")];
}

/** Warns of a service of a native runtime without both commands: the API refuses to create one (Render's description). */
function checkCommands({ shape, name, spec }: Parameters<Rule>[0]): readonly Fault[] {
  if (shape === "static" && !isSaid(spec, "staticPublishPath")) {
    const message = `The static site ${name} does not say which folder it publishes.`;
    return [fault("command-needed", "warning", "name", message, "Add `staticPublishPath`.")];
  }
  const runtime = spec["runtime"];
  if (shape === "static" || typeof runtime !== "string" || !nativeRuntimes.includes(runtime)) return [];
  return ["buildCommand", "startCommand"]
    .filter((key) => !isSaid(spec, key))
    .map((key) => {
      const message = `The service ${name} lacks \`${key}\`, which Render asks for with \`runtime: ${runtime}\`.`;
      return fault("command-needed", "warning", "name", message, `Add \`${key}\`.`);
    });
}

const notOnFree = ["disk", "scaling", "preDeployCommand"];

function checkFreePlan({ shape, spec }: Parameters<Rule>[0]): readonly Fault[] {
  if (spec["plan"] !== "free" || shape !== "web") return [];
  const cannot = notOnFree.filter((key) => isSaid(spec, key));
  return cannot.map((key) =>
    fault(
      "not-on-free",
      "warning",
      key,
      `Free services have no \`${key}\`.`,
      "Choose a paid plan, or remove it.",
    ),
  );
}

function checkScaling({ shape, name, spec }: Parameters<Rule>[0]): readonly Fault[] {
  const scaling = spec["scaling"];
  const faults = servers.includes(shape) && isObject(scaling) ? scalingFaults(name, scaling) : [];
  const many = Number(spec["numInstances"] ?? 1) > 1 || isObject(scaling);
  if (!many || !isObject(spec["disk"])) return faults;
  const message = `The service ${name} has a disk, and a disk belongs to a single instance.`;
  const remedy = "Remove `disk`, or `scaling` and more than one instance.";
  return [...faults, fault("disk-and-scaling", "error", "disk", message, remedy)];
}

function scalingFaults(name: string, scaling: JsonObject): readonly Fault[] {
  const { minInstances: least, maxInstances: most } = scaling;
  const faults = ["minInstances", "maxInstances"]
    .filter((key) => scaling[key] === undefined)
    .map((key) =>
      fault("missing-key", "error", "scaling", `\`scaling\` of ${name} lacks \`${key}\`.`, `Add \`${key}\`.`),
    );
  if (scaling["targetCPUPercent"] === undefined && scaling["targetMemoryPercent"] === undefined) {
    const message = `\`scaling\` of ${name} has no target.`;
    faults.push(
      fault("missing-key", "error", "scaling", message, "Add `targetCPUPercent` or `targetMemoryPercent`."),
    );
  }
  if (typeof least === "number" && typeof most === "number" && least > most) {
    const message = `\`scaling\` of ${name} has at least ${least} and at most ${most} instances.`;
    faults.push(fault("wrong-value", "error", "scaling", message, "Swap the two numbers."));
  }
  return faults;
}

function checkPaths({ name, shape, spec }: Parameters<Rule>[0]): readonly Fault[] {
  const path = spec["healthCheckPath"];
  const faults: Fault[] = [];
  if (shape === "web" && typeof path === "string" && path !== "" && !path.startsWith("/")) {
    const message = `\`healthCheckPath\` of ${name} must start with a slash.`;
    const remedy = path.includes("://")
      ? "Write the path alone, without the address."
      : `Write \`/${path}\`.`;
    faults.push(fault("wrong-value", "error", "healthCheckPath", message, remedy));
  }
  if (spec["renderSubdomainPolicy"] === "disabled" && !isSaid(spec, "domains")) {
    const message = `${name} closes its onrender.com address and declares no custom domain.`;
    const remedy = "Add `domains`, or make sure that one exists.";
    faults.push(fault("unreachable", "warning", "renderSubdomainPolicy", message, remedy));
  }
  return faults;
}

function checkSchedule({ shape, name, spec }: Parameters<Rule>[0]): readonly Fault[] {
  const schedule = spec["schedule"];
  const why = shape === "cron" && typeof schedule === "string" ? refuseCron(schedule) : undefined;
  if (why === undefined) return [];
  const remedy = 'Minute, hour, day of month, month, day of week: "0 3 * * *" is every night at three, UTC.';
  return [fault("wrong-value", "error", "schedule", `\`schedule\` of ${name} ${why}.`, remedy)];
}

function isSaid(spec: JsonObject, key: string): boolean {
  const value = spec[key];
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}

function fault(
  code: string,
  severity: Fault["severity"],
  field: string,
  message: string,
  remedy: string,
): Fault {
  return { code, severity, field, message, remedy };
}
