// The schema tree and a table's columns are those that the archive describes.

import { expect, test } from "../../fixtures";

test("1.1 tables: schemas, tables and columns as the archive lists them", async ({ app, page, address }) => {
  const text = await (await fetch(new URL("sandbox/tap-server/tap/tables?tables=gaiadr3.gaia_source", address))).text();
  const columns = [...text.matchAll(/<column[^>]*>\s*<name>([^<]+)<\/name>/g)].map(([, name]) => name);
  expect(columns.length).toBeGreaterThan(60);
  await app.open("#/schema?v=1&table=gaiadr3.gaia_source");
  const table = page.getByRole("region", { name: "Table", exact: true });
  await expect(table.getByRole("rowheader").first()).toBeVisible();
  expect((await table.getByRole("rowheader").allInnerTexts()).map((name) => name.trim().split(/\s/)[0])).toEqual(columns);
  const whole = await (await fetch(new URL("sandbox/tap-server/tap/tables?only_schemas=true", address))).text();
  const schemas = [...whole.matchAll(/<schema[^>]*>\s*<name>([^<]+)<\/name>/g)].map(([, name]) => name);
  for (const schema of schemas) {
    await expect(page.getByRole("treeitem").filter({ hasText: schema }).first()).toBeVisible();
  }
});
