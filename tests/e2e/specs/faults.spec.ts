// What a broken archive or connection sends is named for what it is, and what arrived is shown.

import { arm } from "../fault";
import { expect, test } from "../fixtures";

test.use({ provoked: [/Failed to load resource|net::ERR_/] });

const ADQL = "SELECT TOP 1500 source_id, ra, dec, parallax, phot_g_mean_mag FROM gaiadr3.gaia_source";

test("an HTML page in place of a table is named with its title", async ({ app, page, address }) => {
  await app.open();
  await arm(address, "html", "*/tap/sync");
  await app.run(ADQL, "Synchronous");
  await expect(page.getByRole("alert").filter({ hasText: "maintenance" }).first()).toBeVisible();
});

for (const [how, fault] of [
  ["its end is missing", "base64-cut:40000"],
  ["the connection breaks", "cut-chunked:30000"],
]) {
  test(`a result that ends early (${how}) shows its rows and is called partial`, async ({ app, address }) => {
    await app.open();
    await arm(address, fault, "*/tap/sync");
    await app.run(ADQL, "Synchronous");
    await app.expectVerdict(/[1-9][\d,]* rows, partial/);
    await expect(app.grid.getByRole("gridcell").first()).toBeVisible();
  });
}
