// What a broken archive or connection sends is named for what it is, and what arrived is shown.

import { expect, test } from "../fixtures";
import { App } from "../app";

test.use({ provoked: [/Failed to load resource/, /net::ERR_/] });

const ADQL = "SELECT TOP 1500 source_id, ra, dec, parallax, phot_g_mean_mag FROM gaiadr3.gaia_source";

test("an HTML page in place of a table is named with its title", async ({ page, faulty }) => {
  const app = new App(page, faulty.address);
  await app.open();
  faulty.fault = { concerns: /\/tap\/sync/, with: "html", title: "Down for maintenance" };
  await app.run(ADQL, "Synchronous");
  await expect(page.getByRole("alert").filter({ hasText: "Down for maintenance" }).first()).toBeVisible();
});

for (const how of ["cut", "break"] as const) {
  test(`a result that ends early (${how}) shows its rows and is called partial`, async ({ page, faulty }) => {
    const app = new App(page, faulty.address);
    await app.open();
    faulty.fault = { concerns: /\/tap\/sync/, with: how, bytes: 30_000 };
    await app.run(ADQL, "Synchronous");
    await app.expectVerdict(/[1-9][\d,]* rows, partial/);
    await expect(app.grid.getByRole("gridcell").first()).toBeVisible();
  });
}
