// Queries for another service, sent on by the archive: synchronous, as a job, and refused.

import { rows } from "../../archive";
import { expect, test } from "../../fixtures";
import { holding, unique } from "../../jobs";

const NEIGHBOUR = "http://neighbour.sandbox/tap-server/tap";

test("2.15 external TAP sync: another service through the archive", async ({ app, page, address }) => {
  const mark = unique("outside");
  const adql = `SELECT TOP 7 source_id AS ${mark}, ra FROM gaiadr3.gaia_source ORDER BY source_id`;
  const expected = await rows(address, adql.replace(mark, "id"));
  await app.open(`#/service-search?v=1&service=${encodeURIComponent(NEIGHBOUR)}`);
  await expect(page.getByRole("list", { name: "Which machine contacts which" })).toContainText("neighbour.sandbox");
  await app.write(adql);
  await app.mode("Synchronous");
  await app.runButton.click();
  await app.expectVerdict("7 rows, complete");
  expect((await app.cells(2)).join(" ")).toContain(expected[0][0]);
  expect((await holding(address, "sync", mark))?.parameters).toMatchObject({ request: "external_tap", ext_tap_url: NEIGHBOUR });
});

test("2.15 external TAP async: a job of the archive that asks another service", async ({ app, page, address }) => {
  const mark = unique("outside");
  await app.open("#/service-search");
  await page.getByRole("textbox", { name: "Address of the TAP service" }).fill(`${NEIGHBOUR}/sync?x=1`);
  await app.write(`SELECT TOP 2500 source_id AS ${mark} FROM gaiadr3.gaia_source`);
  await app.mode("Asynchronous");
  await page.getByRole("textbox", { name: "Job name" }).fill(mark);
  await app.runButton.click();
  await app.expectVerdict("2,500 rows, complete", 60_000);
  const job = await holding(address, "async", mark);
  expect(job).toMatchObject({ name: mark, phase: "COMPLETED", parameters: { request: "external_tap", ext_tap_url: NEIGHBOUR } });
  expect(await rows(address, `SELECT COUNT(*) FROM JOB_UPLOAD."job${job!.id}"`)).toEqual([["2500"]]);
  await app.go("Jobs");
  await expect(app.jobs(mark)).toContainText("neighbour.sandbox");
});

test("2.15 external TAP: a service that the archive does not ask is refused in its words", async ({ app, page, address }) => {
  const mark = unique("refused");
  await app.open("#/service-search");
  await page.getByRole("textbox", { name: "Address of the TAP service" }).fill("https://tap.elsewhere.example/tap");
  await app.write(`SELECT TOP 1 ra AS ${mark} FROM t`);
  await app.runButton.click();
  await expect(page.getByRole("alert").filter({ hasText: /may not be asked from here/ })).toBeVisible();
  await expect(app.editor).toContainText(mark);
  expect(await holding(address, "async", mark)).toBeUndefined();
  await page.getByRole("textbox", { name: "Address of the TAP service" }).fill("elsewhere");
  await app.runButton.click();
  await expect(page.getByRole("alert").filter({ hasText: "This is no address of a service" })).toBeVisible();
});
