// A synchronous query: rows appear, their number and completeness are said, every digit of an identifier is there.

import { rows } from "../archive";
import { expect, test } from "../fixtures";

const ADQL = "SELECT TOP 137 source_id, ra, dec, phot_g_mean_mag FROM gaiadr3.gaia_source ORDER BY source_id";

test("a synchronous query shows its rows and says that they are all", async ({ app, address }) => {
  await app.open();
  await app.run(ADQL, "Synchronous");
  await app.expectVerdict("137 rows, complete");
  await expect(app.grid).toHaveAttribute("aria-rowcount", "138");
  const expected = await rows(address, ADQL);
  for (const index of [0, 1, 2]) {
    expect((await app.cells(index + 2)).join(" ")).toContain(expected[index][0]);
  }
});

test("the text of the query survives a reload", async ({ app, page }) => {
  await app.open();
  await app.write("SELECT 42 AS answer");
  await expect(app.editor).toContainText("42 AS answer");
  await page.waitForTimeout(600);
  await page.reload();
  await expect(app.editor).toContainText("42 AS answer");
});

test("the query that a first visit finds in the editor runs", async ({ app }) => {
  await app.open();
  await expect(app.editor).toContainText(/select/i);
  await app.runButton.click();
  await app.expectVerdict(/[1-9][\d,]* rows?, /);
});

test("a query that is run before the worker listens is not lost", async ({ app, page }) => {
  await page.route("**/worker_bg.wasm", async (route) => {
    await new Promise((done) => setTimeout(done, 3_000));
    await route.continue();
  });
  await app.open();
  await app.run("SELECT TOP 3 source_id FROM gaiadr3.gaia_source", "Synchronous");
  await app.expectVerdict("3 rows, complete");
});
