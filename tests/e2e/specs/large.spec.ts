// 200,000 rows: all of them are there, the last can be reached, and they can be sorted.

import { expect, test } from "../fixtures";
import { rows } from "../archive";

test.use({ sources: 200_000 });

test("a result of 200,000 rows is scrolled to its end and sorted", async ({ app, address, page }) => {
  test.setTimeout(180_000);
  const [[count, least, most]] = await rows(address, "SELECT COUNT(*), MIN(source_id), MAX(source_id) FROM gaiadr3.gaia_source");
  expect(Number(count)).toBeGreaterThanOrEqual(200_000);
  const total = Number(count);
  await app.open();
  await app.run("SELECT source_id, ra, dec, parallax, phot_g_mean_mag FROM gaiadr3.gaia_source", "Asynchronous");
  await app.expectVerdict(`${total.toLocaleString("en-US")} rows, complete`, 120_000);
  await expect(app.grid).toHaveAttribute("aria-rowcount", String(total + 1));

  await app.grid.getByRole("gridcell").first().click();
  await page.keyboard.press("ControlOrMeta+End");
  await expect(app.row(total + 1)).toBeVisible();

  const heading = app.grid.getByRole("columnheader", { name: /source_id/ });
  await heading.click();
  await expect(heading).toHaveAttribute("aria-sort", "ascending");
  await app.grid.getByRole("gridcell").first().click();
  await page.keyboard.press("ControlOrMeta+Home");
  await expect(app.row(2)).toContainText(least);
  await page.keyboard.press("ControlOrMeta+End");
  await expect(app.row(total + 1)).toContainText(most);

  await heading.click();
  await expect(heading).toHaveAttribute("aria-sort", "descending");
  await page.keyboard.press("ControlOrMeta+Home");
  await expect(app.row(2)).toContainText(most);
});
