import { expect, test } from "../../fixtures";
import { signIn } from "../../session";
import { columns, make, own, remove } from "../../user_tables";

const CSV = "id,ra,dec,lon,lat,g\n1,10,20,30,40,12.5\n2,11,21,31,41,13.5\n";

test("2.11 table flags: position, magnitude, UCD, utype and index are saved at once", async ({ app, page, address }) => {
  const demo = await signIn(address);
  await make(demo, "t211_flags", CSV);
  const before = await columns(demo, "t211_flags");
  await app.open("#/user-tables");
  await app.signIn();
  await app.openTable("t211_flags");
  await page.getByRole("button", { name: "Edit columns" }).click();
  const save = page.getByRole("button", { name: /^Save changes/ });
  await expect(save).toBeDisabled();
  await page.getByLabel("What lon means").selectOption("Ra");
  await expect(page.getByLabel("What ra means")).toHaveValue("");
  await page.getByLabel("What lat means").selectOption("");
  await page.getByLabel("What dec means").selectOption("");
  await expect(page.getByRole("alert").filter({ hasText: "Ra and Dec go together" })).toBeVisible();
  await expect(save).toBeDisabled();
  await page.getByLabel("What lat means").selectOption("Dec");
  await expect(page.getByText("index of the positions anew")).toBeVisible();
  await page.getByLabel("What g means").selectOption("Mag");
  await page.getByLabel("UCD of g").fill("phot.mag;em.opt");
  await page.getByLabel("UType of g").fill("mine:g.mag");
  await page.getByLabel("Index of id", { exact: true }).check();
  // A change of the view loses nothing of it.
  await app.go("Jobs");
  await app.go("User tables");
  await app.openTable("t211_flags");
  await expect(page.getByLabel("UCD of g")).toHaveValue("phot.mag;em.opt");
  await save.click();
  await expect(page.getByText("The columns of user_demo.t211_flags were changed.")).toBeVisible();

  const after = Object.fromEntries((await columns(demo, "t211_flags")).map((column) => [column.name, column]));
  expect([after.lon.flags, after.lat.flags, after.ra.flags, after.dec.flags]).toEqual([1, 2, 0, 0]);
  expect([after.g.flags, after.g.ucd, after.g.utype]).toEqual([8, "phot.mag;em.opt", "mine:g.mag"]);
  expect(after.id.indexed).toBe(true);
  // What was not touched is as it was.
  expect(after[before[0].name]).toEqual(before[0]);
  await remove(demo, "t211_flags");
});

test("2.11 table flags: table and column get other names", async ({ app, page, address }) => {
  const demo = await signIn(address);
  await make(demo, "t211_old", CSV);
  await remove(demo, "t211_new");
  await app.open("#/user-tables");
  await app.signIn();
  await app.openTable("t211_old");
  await page.getByRole("button", { name: "Rename" }).click();
  const dialog = page.getByRole("dialog", { name: "Rename user_demo.t211_old" });
  await dialog.getByLabel("New name").fill("T211_new");
  await dialog.getByText("Rename columns").click();
  await dialog.getByLabel("g", { exact: true }).fill("gmag");
  await dialog.getByRole("button", { name: "Rename table" }).click();
  await expect(page.getByText("user_demo.t211_old is now user_demo.t211_new.")).toBeVisible();
  await expect(app.tableLine("user_demo.t211_new")).toBeVisible();
  expect(await own(demo)).not.toContain("t211_old");
  expect((await columns(demo, "t211_new")).map((column) => column.name)).toContain("gmag");
  await remove(demo, "t211_new");
});
