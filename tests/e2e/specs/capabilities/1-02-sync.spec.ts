// A synchronous query: the rows of the page are those of the archive, which has a record of the very query.

import { rows } from "../../archive";
import { expect, test } from "../../fixtures";
import { holding, unique } from "../../jobs";

test("1.2 sync: a synchronous query", async ({ app, address }) => {
  const mark = unique("sync");
  const adql = `SELECT TOP 5 source_id, phot_g_mean_mag AS ${mark} FROM gaiadr3.gaia_source ORDER BY source_id`;
  const expected = await rows(address, adql.replace(mark, "g"));
  await app.open();
  await app.run(adql, "Synchronous");
  await app.expectVerdict("5 rows, complete");
  for (const [index, row] of expected.entries()) expect((await app.cells(index + 2)).join(" ")).toContain(row[0]);
  const record = await holding(address, "sync", mark);
  expect(record?.parameters).toMatchObject({ query: adql, lang: "ADQL", format: "votable" });
});
