// Cross-match by the form: the archive's function makes a table, a join gives rows; both by the ADQL that is shown.

import { rows } from "../archive";
import { expect, test } from "../fixtures";
import { signIn } from "../session";
import { make, query, remove } from "../user_tables";

test("a table is matched with the catalogue in both ways", async ({ app, page, address }) => {
  const demo = await signIn(address);
  const sample = await rows(address, "SELECT TOP 4 source_id, ra, dec FROM gaiadr3.gaia_source ORDER BY random_index");
  await make(demo, "xm_mine", ["mine,ra,dec", ...sample.map((row) => row.join(","))].join("\n"));
  await remove(demo, "xm_pairs");
  await app.open("#/user-tables");
  await app.signIn();
  await app.openTable("xm_mine");
  const table = page.getByRole("region", { name: "Table", exact: true });
  await table.getByRole("button", { name: "Cross-match" }).click();
  const dialog = page.getByRole("dialog", { name: "Cross-match" });
  await expect(dialog.getByLabel("ADQL of the cross-match")).toContainText("crossmatch_positional");
  await dialog.getByLabel("Radius", { exact: true }).fill("20");
  await expect(dialog.getByText("from 0.1 to 10 arcsec")).toBeVisible();
  await dialog.getByLabel("Radius", { exact: true }).fill("0.5");
  await dialog.getByLabel("Name of the new table").fill("xm_pairs");
  await dialog.getByRole("button", { name: "Run as a job" }).click();
  await app.expectVerdict("1 row, complete", 60_000);
  const pairs = await query(demo, "SELECT gaia_source_source_id FROM user_demo.xm_pairs ORDER BY 1");
  expect(pairs).toEqual(expect.arrayContaining(sample.map((row) => row[0])));

  await app.go("User tables");
  await expect(app.tableLine("user_demo.xm_pairs")).toContainText("cross-match");
  await app.openTable("xm_mine");
  await table.getByRole("button", { name: "Cross-match" }).click();
  await dialog.getByRole("radio", { name: "A join gives rows" }).check();
  await expect(dialog.getByLabel("RA of my table")).toHaveValue("ra");
  await dialog.getByRole("button", { name: "Put in the editor" }).click();
  await expect(app.editor).toContainText("CONTAINS");
  await app.mode("Synchronous");
  await app.runButton.click();
  await app.expectVerdict(`${pairs.length} rows, complete`);
  await remove(demo, "xm_mine");
  await remove(demo, "xm_pairs");
});
