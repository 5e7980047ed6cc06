// An asynchronous query makes a job at the archive, with the name that the user gave, and its result is there.

import { rows } from "../../archive";
import { expect, test } from "../../fixtures";
import { list, look, unique } from "../../jobs";

test("1.4 async: a job with a name", async ({ app, page, address }) => {
  const name = unique("job");
  const adql = "SELECT TOP 2100 source_id FROM gaiadr3.gaia_source ORDER BY source_id";
  await app.open();
  await app.mode("Asynchronous");
  await page.getByRole("textbox", { name: "Job name" }).fill(name);
  await app.run(adql, "Asynchronous");
  await app.expectVerdict("2,100 rows, complete", 60_000);
  const job = (await list(address, "async")).find((job) => job.name === name);
  expect(job).toMatchObject({ phase: "COMPLETED", parameters: { query: adql } });
  expect((await look(address, job!.id))?.phase).toBe("COMPLETED");
  // The archive reads the job's result as a table: it is whole there.
  expect(await rows(address, `SELECT COUNT(*) FROM JOB_UPLOAD."job${job!.id}"`)).toEqual([["2100"]]);
});
