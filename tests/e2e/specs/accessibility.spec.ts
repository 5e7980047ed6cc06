// axe finds nothing on any view, in light and dark, wide and narrow; and nothing is wider than the window.

import AxeBuilder from "@axe-core/playwright";

import { VIEWS } from "../app";
import { expect, test } from "../fixtures";

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [1280, 390]) {
    test(`every view, ${colorScheme}, ${width} px`, async ({ app, page }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 800 });
      await app.open();
      await app.run("SELECT TOP 20 source_id, ra, dec, parallax FROM gaiadr3.gaia_source", "Synchronous");
      await app.expectVerdict("20 rows, complete");
      for (const view of VIEWS) {
        await app.go(view);
        await page.waitForTimeout(300);
        const { violations } = await new AxeBuilder({ page }).analyze();
        const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${view}: ${id}: ${node.target} ${node.failureSummary}`));
        expect(found).toEqual([]);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(overflow, `${view} is wider than the window`).toBeLessThanOrEqual(0);
      }
    });
  }
}
