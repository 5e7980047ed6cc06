// An asynchronous query: the job outlives a reload of the page, and its result opens from the list of jobs.

import { expect, test } from "../fixtures";

test("an asynchronous job survives a reload in the middle", async ({ app, page }) => {
  await app.open();
  const created = page.waitForRequest((request) => request.method() === "POST" && /\/tap\/async/.test(request.url()));
  await app.run("SELECT source_id, ra, dec FROM gaiadr3.gaia_source WHERE phot_g_mean_mag < 14", "Asynchronous");
  await created;
  await page.reload();
  await app.go("Jobs");
  const job = app.jobs(/completed/i).first();
  await expect(job).toBeVisible({ timeout: 60_000 });
  await job.getByRole("button", { name: "Open result" }).click();
  await app.expectVerdict(/[1-9][\d,]* rows, complete/, 60_000);
  await expect(app.grid).toBeVisible();
});

test("an asynchronous query shows its result without a detour", async ({ app }) => {
  await app.open();
  await app.run("SELECT TOP 2500 source_id, parallax FROM gaiadr3.gaia_source", "Asynchronous");
  await app.expectVerdict("2,500 rows, complete", 60_000);
  await expect(app.grid).toHaveAttribute("aria-rowcount", "2501");
});
