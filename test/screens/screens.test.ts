import { expect, test } from "vitest";
import { displayWidth } from "../../src/views/base/escape.ts";
import { drawScreens, joinScreens } from "./draw-screens.ts";

/*
 * What people see, for accounts of four sizes on terminals of two widths, kept as text so that a change of a view is read as
 * a change of these files. `npx vitest run --project test test/screens -u` writes them anew.
 */

/** Names of what is taken away are never folded: without those, each screen is short whatever the size. */
const most = 100;

test.each([1, 30, 200, 2000].flatMap((size) => [80, 120].map((columns) => [size, columns] as const)))(
  "the screens of %i resources at %i columns are as they were looked at",
  async (size, columns) => {
    const drawn = drawScreens(size, columns);
    for (const [title, text] of drawn) {
      for (const line of text.split("\n"))
        expect(displayWidth(line), `${title}: ${line}`).toBeLessThanOrEqual(columns);
      const isNamed = title === "plan: changes of every sort" || title === "plan: refused";
      if (!isNamed) expect(text.split("\n").length, title).toBeLessThanOrEqual(most);
    }
    await expect(joinScreens(drawn)).toMatchFileSnapshot(`${size}-resources-at-${columns}.txt`);
  },
);
