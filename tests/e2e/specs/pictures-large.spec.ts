// A picture of 200,000 points is drawn, zoomed, moved and brushed, and no task of the page's thread takes longer than 50 ms.
//
// The observer of long tasks measures by the wall clock, so a machine with more to do than it has processors makes tasks long that
// are not; the browser's own trace has the processor's time of each, which is held to 50 ms. PARALLAX_STRICT=1, on a quiet machine,
// holds the observer to it too.

import { availableParallelism, loadavg } from "node:os";

import type { Page } from "@playwright/test";

import { rows } from "../archive";
import { expect, test } from "../fixtures";

const LONG = 50;
const STRICT = Boolean(process.env.PARALLAX_STRICT);

type Task = { at: number; ms: number };
type Traced = { name: string; ph: string; pid: number; tid: number; dur?: number; tdur?: number; args: { name?: string } };

/** The browser's account of the tasks of the page's thread: processor time of each in milliseconds. */
async function trace(page: Page): Promise<() => Promise<number[]>> {
  const client = await page.context().newCDPSession(page);
  const events: Traced[] = [];
  client.on("Tracing.dataCollected", (part) => events.push(...(part.value as unknown as Traced[])));
  await client.send("Tracing.start", { transferMode: "ReportEvents", traceConfig: { includedCategories: ["toplevel", "disabled-by-default-devtools.timeline"] } });
  return async () => {
    const complete = new Promise((done) => client.once("Tracing.tracingComplete", done));
    await client.send("Tracing.end");
    await complete;
    const thread = (event: Traced) => `${event.pid}:${event.tid}`;
    const pages = new Set(events.filter((event) => event.name === "thread_name" && event.args.name === "CrRendererMain").map(thread));
    return events.filter((event) => event.name.includes("RunTask") && event.ph === "X" && pages.has(thread(event))).map((event) => (event.tdur ?? event.dur ?? 0) / 1000);
  };
}

test.use({ sources: 200_000 });

test("200,000 points are drawn, zoomed, moved and brushed while the page answers", async ({ app, address, page }) => {
  test.setTimeout(180_000);
  await page.addInitScript(() => {
    const kept: Task[] = ((window as unknown as { long: Task[] }).long = []);
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) kept.push({ at: entry.startTime, ms: entry.duration });
    }).observe({ type: "longtask" });
  });
  const total = Number((await rows(address, "SELECT COUNT(*) FROM gaiadr3.gaia_source"))[0][0]);
  expect(total).toBeGreaterThanOrEqual(200_000);
  await app.open();
  await app.run("SELECT source_id, ra, dec, parallax, phot_g_mean_mag, bp_rp FROM gaiadr3.gaia_source", "Asynchronous");
  await app.expectVerdict(`${total.toLocaleString("en-US")} rows, complete`, 120_000);

  const traced = await trace(page);
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

  const tasks = await traced();
  const long = await page.evaluate((since) => (window as unknown as { long: Task[] }).long.filter((task) => task.at > since), since);
  const most = (times: number[]) => Math.max(0, ...times).toFixed(0);
  const waited = long.length === 0 ? `none above ${LONG} ms` : `${long.length} above ${LONG} ms, the longest ${most(long.map((task) => task.ms))} ms`;
  const description =
    `pictures of ${total.toLocaleString("en-US")} points: first drawn after ${(drawn - since).toFixed(0)} ms; tasks of the page's thread: ` +
      `${waited} by the wall clock, the longest ${most(tasks)} ms by the processor's (load ${loadavg()[0].toFixed(1)} on ${availableParallelism()})`;
  test.info().annotations.push({ type: "measured", description });
  expect(tasks.length).toBeGreaterThan(100);
  expect(Math.max(...tasks)).toBeLessThanOrEqual(LONG);
  if (STRICT) expect(long).toEqual([]);
});
