// A table of the user's goes along with a query and is joined at the archive.

import { rows } from "../../archive";
import { expect, test } from "../../fixtures";
import { holding, unique } from "../../jobs";

test("1.3 upload join: a table goes along and is joined", async ({ app, address }) => {
  const mark = unique("mine");
  const sources = await rows(address, "SELECT TOP 4 source_id FROM gaiadr3.gaia_source ORDER BY source_id DESC");
  await app.open();
  await app.attach("list.csv", "text/csv", ["source_id", ...sources.map(([id]) => id)].join("\n"));
  await app.run(
    `SELECT g.source_id, g.ra FROM tap_upload.list AS ${mark} JOIN gaiadr3.gaia_source AS g ON g.source_id = ${mark}.source_id ORDER BY g.source_id DESC`,
    "Synchronous",
  );
  await app.expectVerdict("4 rows, complete");
  expect((await app.cells(2)).join(" ")).toContain(sources[0][0]);
  const record = await holding(address, "sync", mark);
  expect(record?.parameters.upload).toMatch(/^list,param:/);
});
