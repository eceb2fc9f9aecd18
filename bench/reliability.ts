/** Makes docs/reliability.md anew from its tables and from what the other scripts measured. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makePage } from "./reliability/page.ts";
import { readResults } from "./reliability/results.ts";

const root = process.env["npm_config_local_prefix"] ?? process.cwd();
await writeFile(join(root, "docs/reliability.md"), makePage(await readResults(join(root, "bench/results"))));
