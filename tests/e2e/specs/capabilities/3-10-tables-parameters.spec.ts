import { expect, test } from "../../fixtures";
import { signIn } from "../../session";
import { listed, make, remove, share } from "../../user_tables";

const CSV = "ra,dec\n10,20\n";

test("3.10 the tables parameters: each can be chosen, and the list is what the archive gives for it", async ({ app, page, address }) => {
  const [demo, teacher] = [await signIn(address), await signIn(address, "teacher")];
  await make(demo, "t310_mine", CSV);
  await make(teacher, "t310_theirs", CSV);
  const undo = [await share(demo, "t310_mine", "t310 mine"), await share(teacher, "t310_theirs", "t310 theirs", "demo")];
  await app.open("#/user-tables");
  await app.signIn();
  const shown = async () => (await app.userTables.getByRole("link").allInnerTexts()).map((name) => name.replaceAll('"', "")).sort();
  /** Does something that asks for another list; gives the parameters of the request. */
  const asked = async (act: () => Promise<unknown>) => {
    const request = page.waitForRequest((request) => request.url().includes("/tap/tables"));
    await act();
    const { searchParams } = new URL((await request).url());
    return Object.fromEntries(searchParams);
  };

  await expect(app.tableLine("user_demo.t310_mine")).toContainText("shared");
  await page.getByText("More choices").click();
  const unshared = await asked(() => page.getByLabel("With whom each is shared").uncheck());
  expect(unshared).not.toHaveProperty("share_info");
  await expect(app.tableLine("user_demo.t310_mine")).not.toContainText("shared");

  const shared = await asked(() => page.getByRole("radio", { name: "Mine and shared" }).check());
  expect(shared).toMatchObject({ share_accessible: "true", only_tables: "true" });
  await expect(app.tableLine("user_teacher.t310_theirs")).toBeVisible();
  const mine = (await listed(demo, "only_tables=true&share_accessible=true")).filter((name) => name.startsWith("user_"));
  expect(await shown()).toEqual(mine.sort());

  const schemas = await asked(() => page.getByRole("radio", { name: "Schemas", exact: true }).check());
  expect(schemas).toMatchObject({ only_schemas: "true" });
  await expect(app.userTables.getByRole("heading", { name: "user_demo" })).toBeVisible();
  expect(await shown()).toEqual([]);

  const columns = await asked(() => page.getByRole("radio", { name: "Columns too" }).check());
  expect(columns).not.toHaveProperty("only_tables");
  await expect(app.tableLine("user_demo.t310_mine")).toContainText("3 columns");

  const restricted = await asked(async () => {
    await page.getByLabel("Only these schemas").fill("gaiadr3");
    await page.keyboard.press("Tab");
  });
  expect(restricted).toMatchObject({ schemas: "gaiadr3" });
  await expect(app.tableLine("gaiadr3.gaia_source")).toBeVisible();
  expect(await shown()).toEqual((await listed(demo, "only_tables=true&schemas=gaiadr3")).sort());

  const named = await asked(async () => {
    await page.getByLabel("Only these tables").fill("user_demo.t310_mine, tap_schema.tables");
    await page.keyboard.press("Tab");
  });
  expect(named).toMatchObject({ tables: "user_demo.t310_mine,tap_schema.tables" });
  await expect(app.tableLine("user_demo.t310_mine")).toBeVisible();
  expect(await shown()).toEqual(["tap_schema.tables", "user_demo.t310_mine"]);

  for (const back of undo) await back();
  await remove(demo, "t310_mine");
  await remove(teacher, "t310_theirs");
});
