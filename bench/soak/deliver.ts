import { blocksOf, referencesOf, type Block, type Files } from "./model.ts";

/**
 * What is shown once has to be delivered somewhere, or the plan is refused: a token or a RENDERCAD webhook that nothing
 * refers to gets a variable, or goes where no block could hold one.
 */
export function deliverAll(files: Files): Files {
  const delivered = new Set(blocksOf(files).flatMap(referencesOf));
  const nowhere = blocksOf(files).filter(({ what, name }) => isShownOnce(what) && !delivered.has(name));
  const holder = blocksOf(files).find(({ what }) => what === "service" || what === "group");
  const deliver = (block: Block): readonly Block[] => {
    if (nowhere.includes(block) && !holder) return [];
    if (block !== holder || (block.what !== "service" && block.what !== "group")) return [block];
    const more = nowhere.map(({ what, name }) => [
      `V_${name.replaceAll("-", "_").toUpperCase()}`,
      { form: what === "token" ? ("token" as const) : ("cadSecret" as const), of: name },
    ]);
    return [{ ...block, env: { ...block.env, ...Object.fromEntries(more) } }];
  };
  return Object.fromEntries(Object.entries(files).map(([file, blocks]) => [file, blocks.flatMap(deliver)]));
}

function isShownOnce(what: Block["what"]): boolean {
  return what === "token" || what === "cadWebhook";
}
