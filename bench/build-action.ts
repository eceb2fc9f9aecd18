import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildAction, bundleFolder } from "./action-bundle.ts";

// Writes the bundle of the Action, which is committed: a runner starts what the repository has, and installs nothing.

rmSync(bundleFolder, { recursive: true, force: true });
mkdirSync(bundleFolder, { recursive: true });
for (const { name, bytes } of await buildAction()) writeFileSync(join(bundleFolder, name), bytes);
