// The result of a job is a table of the next query.

import { rows } from "../../archive";
import { expect, test } from "../../fixtures";
import { holding, look, make, unique } from "../../jobs";

test("2.14 query on a job: its result as a table", async ({ app, page, address }) => {
  const mark = unique("again");
  const id = await make(address, "SELECT TOP 40 source_id, phot_g_mean_mag FROM gaiadr3.gaia_source ORDER BY source_id", { JOBNAME: mark });
  await expect.poll(async () => (await look(address, id))?.phase).toBe("COMPLETED");
  await app.open();
  await app.write(`SELECT COUNT(*) AS ${mark} FROM`);
  await app.go("Jobs");
  await app.jobs(mark).getByRole("link").click();
  await page.getByRole("region", { name: "Job", exact: true }).getByRole("button", { name: "Use in a query" }).click();
  await expect(app.editor).toContainText(`JOB_UPLOAD."job${id}"`);
  await app.mode("Synchronous");
  await app.runButton.click();
  await app.expectVerdict("1 row, complete");
  expect((await app.cells(2)).join(" ")).toContain("40");
  expect((await holding(address, "sync", mark))?.parameters.query).toContain(`JOB_UPLOAD."job${id}"`);
  expect(await rows(address, `SELECT COUNT(*) FROM JOB_UPLOAD."job${id}"`)).toEqual([["40"]]);
});
