import type { Kind } from "../../../core/kind/kind.ts";
import type { Found } from "../../../core/model/live.ts";
import { budgets, serviceChange } from "../budgets.ts";
import { draft } from "../../../core/model/write.ts";
import { pick, readFields, wordOf, type ApiObject } from "../mapping.ts";
import { placeIn } from "../membership.ts";
import { asObject, textOf } from "../names.ts";
import { createDrafts, updateDrafts } from "./drafts.ts";
import { serviceEntries, serviceFacets } from "./facets.ts";
import { serviceDeploys } from "./deploys.ts";
import { serviceOwnVariables, serviceShapes } from "./fields/fields.ts";
import { isLikeService } from "./likeness.ts";
import { findServices, listServices } from "./list.ts";
import { findLosses } from "./losses.ts";
import { serviceRules } from "./fields/rules.ts";
import { managedFields } from "./fields/managed-fields.ts";
import { isCron, isStatic, ownCallMappings, settingsMappings } from "./mapping.ts";
import { outputsOf, restorableOutputs, serviceOutput, unsettledBy, yieldsOutput } from "./outputs.ts";
import { refuseChange, refuseCreation } from "./refusals.ts";
import { serviceCharges } from "../prices/charges.ts";

const path = "/services";

/** A service of any type: web, private, worker, cron job, static site. */
export const service: Kind = {
  name: "render/service",
  noun: "service",
  provider: "render",
  managed: true,
  perEnvironment: true,
  shapes: serviceShapes,
  rules: serviceRules,
  ownVariables: serviceOwnVariables,
  variables: "envVars",
  links: "groupLinks",
  dataNoun: "the data of its disk",
  restorable: restorableOutputs,
  fields: managedFields,
  dataBearing: false,
  // Deleting a service deletes its disk, also one that no file declares.
  holdsData: ({ raw }) =>
    pick(raw, "serviceDetails.disk") !== undefined && pick(raw, "serviceDetails.disk") !== null,
  unique: "name",
  deferrable: ["envVars", "secretFiles", "headers", "routes"],

  async list(reader, scope) {
    return (await listServices(reader, scope)).map(foundOf);
  },

  async findByName(reader, scope, names) {
    return (await findServices(reader, scope, names)).map(foundOf);
  },

  async findById(reader, id) {
    const answer = await reader.get(`${path}/${encodeURIComponent(id)}`);
    return answer === undefined ? undefined : foundOf(asObject(answer, path));
  },

  facets: serviceFacets,
  findEntry: serviceEntries,
  output: serviceOutput,
  unsettledBy,
  yields: yieldsOutput,

  refuseCreate: refuseCreation,
  refuseUpdate: refuseChange,

  create: createDrafts,
  update: updateDrafts,
  isLike: isLikeService,
  remove: (address) => [
    draft("resource", { method: "DELETE", path: `${path}/{${address}}`, budgets: budgets.write }, []),
  ],

  created(answer, carried) {
    const created = asObject(answer, path);
    const made = asObject(created["service"], path);
    const disk = pick(made, "serviceDetails.disk.id");
    return {
      id: textOf(made, "id", path),
      ...(typeof created["deployId"] === "string" && { deployId: created["deployId"] }),
      // Only a disk is carried.
      ...(typeof disk === "string" && {
        carried: Object.fromEntries(carried.map((one) => [one.address, disk])),
      }),
    };
  },

  madeAnew: ["registryCredential"],
  losesWhenReplaced: findLosses,
  charges: serviceCharges,
  // A rename keeps slug and URL (recorded); a new service whose name gives the same slug gets a suffix (inferred).
  keepsUntilGone: ({ outputs }) => outputs["RENDER_EXTERNAL_HOSTNAME"] ?? outputs["hostport"],
  rename: ({ address, spec, name: own }, name = own) =>
    draft(
      "name",
      {
        method: "PATCH",
        path: `${path}/{${address}}`,
        body: { name },
        budgets: serviceChange(address, isCron(spec)),
      },
      [],
    ),

  deploys: serviceDeploys,

  summary(spec) {
    const nouns: { readonly [type: string]: string } = {
      web: "web",
      pserv: "private",
      worker: "worker",
      cron: "cron",
    };
    const kind = isStatic(spec) ? "static" : (nouns[wordOf(spec["type"])] ?? "service");
    const words = [
      kind,
      spec["runtime"] === "static" ? undefined : spec["runtime"],
      spec["plan"],
      spec["region"],
    ];
    return words.filter((word) => typeof word === "string").join(" · ");
  },
};

function foundOf(item: ApiObject): Found {
  const id = textOf(item, "id", path);
  return {
    id,
    name: textOf(item, "name", path),
    spec: { ...readFields(settingsMappings, item), ...readFields(ownCallMappings, item) },
    outputs: outputsOf(item),
    raw: item,
    ...placeIn(item),
  };
}
