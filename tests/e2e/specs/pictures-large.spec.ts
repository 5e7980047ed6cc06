// A picture of 200,000 points is drawn, zoomed, moved and brushed, and the page's thread is never away for longer than 50 ms.

import { rows } from "../archive";
import { expect, test } from "../fixtures";

test.use({ sources: 200_000 });

test("200,000 points are drawn, zoomed, moved and brushed without a task longer than 50 ms", async ({ app, address, page }) => {
  test.setTimeout(180_000);
  await page.addInitScript(() => {
    const kept = ((window as unknown as { long: { at: number; ms: number }[] }).long = []);
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) kept.push({ at: entry.startTime, ms: entry.duration });
    }).observe({ type: "longtask" });
  });
  const total = Number((await rows(address, "SELECT COUNT(*) FROM gaiadr3.gaia_source"))[0][0]);
  expect(total).toBeGreaterThanOrEqual(200_000);
  await app.open();
  await app.run("SELECT source_id, ra, dec, parallax, phot_g_mean_mag, bp_rp FROM gaiadr3.gaia_source", "Asynchronous");
  await app.expectVerdict(`${total.toLocaleString("en-US")} rows, complete`, 120_000);

  const since = await page.evaluate(() => performance.now());
  await app.go("Results");
  const picture = page.getByRole("application");
  await expect(page.getByRole("status").filter({ hasText: /[\d,]{7} drawn/ })).toBeVisible({ timeout: 30_000 });
  const drawn = await page.evaluate(() => performance.now());
  const box = (await picture.boundingBox())!;
  const at = (x: number, y: number) => [box.x + x * box.width, box.y + y * box.height] as const;

  await page.mouse.move(...at(0.5, 0.6));
  for (let step = 0; step < 12; step++) await page.mouse.wheel(0, -60);
  for (let step = 0; step < 8; step++) await page.mouse.wheel(0, 60);
  await page.mouse.down();
  for (let step = 0; step <= 20; step++) await page.mouse.move(...at(0.5 + 0.01 * step, 0.6 - 0.01 * step));
  await page.mouse.up();
  await page.getByRole("radio", { name: "Lasso" }).check();
  await page.mouse.move(...at(0.3, 0.3));
  await page.mouse.down();
  for (let step = 0; step <= 40; step++) {
    const turn = (2 * Math.PI * step) / 40;
    await page.mouse.move(...at(0.5 - 0.2 * Math.cos(turn), 0.5 - 0.2 * Math.sin(turn)));
  }
  await page.mouse.up();
  await app.expectVerdict(/[1-9][\d,]* rows selected/);
  await expect(page.getByRole("status").filter({ hasText: "of them selected" })).toBeVisible();
  await page.waitForTimeout(500);

  const long = await page.evaluate((since) => (window as unknown as { long: { at: number; ms: number }[] }).long.filter((task) => task.at > since), since);
  const longest = Math.max(0, ...long.map((task) => task.ms));
  const said = longest === 0 ? "none above 50 ms" : `${longest.toFixed(0)} ms`;
  console.log(`pictures of ${total.toLocaleString("en-US")} points: drawn in ${(drawn - since).toFixed(0)} ms, long tasks on the page's thread: ${said}`);
  expect(long).toEqual([]);
});
