// A truncated result says so.

import { expect, test } from "../fixtures";

test("a synchronous result at the archive's limit is called an overflow", async ({ app }) => {
  await app.open();
  await app.run("SELECT source_id FROM gaiadr3.gaia_source", "Synchronous");
  await app.expectVerdict(/2,000 rows, overflow/);
  await expect(app.grid).toHaveAttribute("aria-rowcount", "2001");
});
