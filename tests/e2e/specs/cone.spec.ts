// The cone search: names, coordinates in any notation, a list of places; its query is shown, handed over and run.

import { rows } from "../archive";
import { expect, test } from "../fixtures";

test("a cone by name shows its query and finds what the archive has there", async ({ app, page, address }) => {
  const expected = await rows(
    address,
    "SELECT COUNT(*) FROM gaiadr3.gaia_source WHERE 1 = CONTAINS(POINT(ra, dec), CIRCLE(245.8967, -26.5258, 0.5))",
  );
  await app.open();
  await app.mode("Synchronous");
  await page.getByRole("button", { name: "Cone search" }).click();
  const dialog = page.getByRole("dialog", { name: "Cone search" });
  await dialog.getByRole("textbox", { name: "Name or coordinates" }).fill("messier 4");
  await dialog.getByRole("textbox", { name: "Radius" }).fill("0.5");
  await expect(dialog.getByRole("status").filter({ hasText: "M 4: 245.8967" })).toBeVisible();
  await expect(dialog.getByLabel("Query of the cone search")).toContainText("CIRCLE(245.8967, -26.5258, 0.5)");
  await expect(dialog.getByLabel("Query of the cone search")).toContainText("phot_g_mean_mag");
  await dialog.getByRole("button", { name: "Search", exact: true }).click();
  const count = Number(expected[0][0]);
  await app.expectVerdict(`${count.toLocaleString("en")} row${count === 1 ? "" : "s"}, complete`);
});

test("coordinates are read in any usual notation, and what is wrong is said", async ({ app, page }) => {
  await app.open();
  await page.getByRole("button", { name: "Cone search" }).click();
  const dialog = page.getByRole("dialog", { name: "Cone search" });
  const target = dialog.getByRole("textbox", { name: "Name or coordinates" });
  for (const text of ["56.75 24.12", "03:47:00 +24:07:12", "3h47m +24d07m12s", "3 47 00 24 07 12"]) {
    await target.fill(text);
    await expect(dialog.getByText("56.75, +24.12 (03:47:00.0000 +24:07:12.000)")).toBeVisible();
    await target.fill("");
  }
  await target.fill("gal 0 90");
  await expect(dialog.getByLabel("Query of the cone search")).toContainText("CIRCLE(192.859");
  await target.fill("400 10");
  await expect(dialog.getByText(/right ascension 400/)).toBeVisible();
  await target.fill("Nowhere");
  await expect(dialog.getByText(/asks no name resolver/)).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Search", exact: true })).toBeDisabled();
});

test("a list of places from a file is joined", async ({ app, page, address }) => {
  const places = await rows(address, "SELECT TOP 3 source_id, ra, dec FROM gaiadr3.gaia_source ORDER BY source_id");
  await app.open();
  await app.mode("Synchronous");
  await page.getByRole("button", { name: "Cone search" }).click();
  const dialog = page.getByRole("dialog", { name: "Cone search" });
  await dialog.getByRole("radio", { name: "A list of places" }).check();
  const csv = ["label,ra,dec", ...places.map(([, ra, dec], index) => `star ${index},${ra},${dec}`)].join("\n");
  await dialog.getByLabel("Choose a file of places").setInputFiles({ name: "places.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await expect(dialog.getByText("places.csv: 3 places")).toBeVisible();
  await dialog.getByRole("textbox", { name: "Radius" }).fill("0.5");
  await dialog.getByRole("combobox", { name: "Unit" }).selectOption("arcsec");
  await expect(dialog.getByLabel("Query of the cone search")).toContainText("CIRCLE(t.ra, t.dec, 0.0001388889)");
  await dialog.getByRole("button", { name: "Put in the editor" }).click();
  await expect(app.editor).toContainText("JOIN gaiadr3.gaia_source AS c");
  await app.runButton.click();
  await app.expectVerdict(/^[3-9] rows, complete/);
});
