/**
 * Makes the moving picture of the README: the real command line beside a simulator, on a clock that stands still but for its jumps.
 *
 *   npm run picture
 */
import { writeFile } from "node:fs/promises";
import { drawPicture, picturePath } from "./session/picture.ts";

await writeFile(picturePath, await drawPicture());
