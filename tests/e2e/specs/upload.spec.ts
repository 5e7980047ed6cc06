// Files as upload tables: VOTable goes as it is, CSV is converted in the page, what is no table says why.

import { rows, sync } from "../archive";
import { expect, test } from "../fixtures";

const SAMPLE = "SELECT TOP 3 source_id, ra, dec FROM gaiadr3.gaia_source ORDER BY source_id";

function join(table: string): string {
  return `SELECT g.source_id, u.source_id AS mine FROM tap_upload.${table} AS u
    JOIN gaiadr3.gaia_source AS g ON g.source_id = u.source_id ORDER BY g.source_id`;
}

test("a VOTable is joined with the catalogue", async ({ app, address }) => {
  const document = await sync(address, SAMPLE, "votable_plain");
  const expected = await rows(address, SAMPLE);
  await app.open();
  await app.attach("mine.vot", "application/x-votable+xml", document);
  await app.run(join("mine"), "Synchronous");
  await app.expectVerdict("3 rows, complete");
  expect((await app.cells(2)).join(" ")).toContain(expected[0][0]);
});

test("a CSV file is joined with the catalogue, identifiers exact", async ({ app, address }) => {
  const expected = await rows(address, SAMPLE);
  const csv = ["source_id,label", ...expected.map((row, index) => `${row[0]},star ${index}`)].join("\n");
  await app.open();
  await app.attach("list.csv", "text/csv", csv);
  await app.run(join("list"), "Asynchronous");
  await app.expectVerdict("3 rows, complete", 60_000);
  expect((await app.cells(4)).join(" ")).toContain(expected[2][0]);
});

test("a file that is no table is refused with its line", async ({ app, page }) => {
  await app.open();
  await app.attach("broken.csv", "text/csv", "a,b\n1,2\n3,4,5,6\n");
  await expect(page.getByRole("alert").filter({ hasText: /line 3/i }).first()).toBeVisible();
});
