// A query that takes long is cancelled, in both modes, and the page can run the next one.

import { expect, test } from "../fixtures";

const LONG = "SELECT COUNT(*) FROM gaiadr3.gaia_source AS a JOIN gaiadr3.gaia_source AS b ON a.parallax < b.parallax";

for (const mode of ["Synchronous", "Asynchronous"] as const) {
  test(`${mode.toLowerCase()}: Cancel ends the waiting`, async ({ app, page }) => {
    await app.open();
    await app.run(LONG, mode);
    await expect(app.cancelButton).toBeEnabled();
    await page.waitForTimeout(700);
    await app.cancelButton.click();
    await expect(app.cancelButton).toBeDisabled();
    if (mode === "Synchronous") {
      await expect(page.getByText("Cancelled").first()).toBeVisible();
    } else {
      await app.go("Jobs");
      await expect(app.jobs(/aborted/i).first()).toBeVisible();
      await app.go("Query");
    }
    await app.run("SELECT TOP 3 source_id FROM gaiadr3.gaia_source", "Synchronous");
    await app.expectVerdict("3 rows, complete", 60_000);
  });
}
