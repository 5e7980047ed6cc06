import { expect, test } from "../../fixtures";
import { signIn } from "../../session";
import { listed, make, remove } from "../../user_tables";

const CSV = "ra,dec\n10,20\n30,40\n";

test("2.3 public and user tables: a user is shown both, with rows", async ({ app, page, address }) => {
  const demo = await signIn(address);
  await make(demo, "t23_mine", CSV, "Two places");
  await app.open();
  await app.signIn();
  await app.go("User tables");
  const mine = app.tableLine("user_demo.t23_mine");
  await expect(mine).toContainText("2 rows");
  await expect(mine).toContainText("Two places");
  await expect(app.tableLine("gaiadr3.gaia_source")).toHaveCount(0);

  await page.getByRole("radio", { name: "All", exact: true }).check();
  await expect(app.tableLine("gaiadr3.gaia_source")).toBeVisible();
  const shown = (await app.userTables.getByRole("link").allInnerTexts()).map((name) => name.replaceAll('"', ""));
  expect(shown.sort()).toEqual((await listed(demo, "only_tables=true&share_accessible=true")).sort());
  await remove(demo, "t23_mine");
});

test("2.3 public and user tables: a table is queried by one click", async ({ app, page, address }) => {
  const demo = await signIn(address);
  await make(demo, "t23 query", "ra,dec,Own Name\n10,20,a\n30,40,b\n");
  await app.open();
  await app.signIn();
  await app.go("User tables");
  await app.openTable("t23 query");
  await page.getByRole("button", { name: "Query this table" }).click();
  await expect(app.editor).toContainText('user_demo."t23 query"');
  await app.mode("Synchronous");
  await app.runButton.click();
  await app.expectVerdict("2 rows, complete");
  await remove(demo, "t23 query");
});

test("2.3 public and user tables: without a session there is a way to one", async ({ app, page }) => {
  await app.open("#/user-tables");
  await page.getByRole("button", { name: "Show the form for it" }).click();
  await app.fillSignIn("demo", "demo");
  await expect(page.getByRole("button", { name: "Upload table" })).toBeVisible();
});
