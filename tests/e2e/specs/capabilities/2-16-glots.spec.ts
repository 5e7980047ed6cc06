// The search for tables of other services, their columns, and the query that is prepared for one of them.

import { expect, test } from "../../fixtures";

/** Lines of the archive's CSV, without the heading; no value of these tests holds a comma within quotes but at its end. */
async function glots(address: string, parameters: Record<string, string>): Promise<string[]> {
  const query = new URLSearchParams({ FORMAT: "csv", ...parameters });
  const answer = await fetch(new URL(`sandbox/tap-server/tap/glots?${query}`, address));
  return (await answer.text()).trim().split(/\r?\n/).slice(1);
}

test("2.16 GloTS search: by names, descriptions or both", async ({ app, page, address }) => {
  await app.open("#/service-search");
  const found = page.getByRole("list", { name: "Found tables" }).getByRole("listitem");
  for (const [place, mode] of [["Both", "all"], ["Names", "table_name"], ["Descriptions", "table_description"]]) {
    const lines = await glots(address, { ACTION: "search_tables", KEYWORD: "table3", MODE: mode });
    await page.getByRole("searchbox", { name: "Words in tables" }).fill("table3");
    await page.getByRole("radio", { name: place, exact: true }).check();
    await page.getByRole("button", { name: "Search", exact: true }).click();
    if (lines.length === 0) await expect(page.getByText("No table has “table3”")).toBeVisible();
    else await expect(found).toHaveCount(lines.length);
  }
});

test("2.16 GloTS columns: columns of a found table, and a query on it with the right quotes", async ({ app, page, address }) => {
  const [line] = await glots(address, { ACTION: "search_tables", KEYWORD: "QSOs prism", MODE: "all" });
  const [url, ivoid, table] = line.split(",");
  const columns = (await glots(address, { ACTION: "get_columns", IVOID: ivoid, TABLE_NAME: table })).map((line) => line.split(",")[2]);
  expect(columns.length).toBeGreaterThan(3);
  await app.open("#/service-search");
  await page.getByRole("searchbox", { name: "Words in tables" }).fill("  qsos   prism ");
  await page.getByRole("searchbox", { name: "Words in tables" }).press("Enter");
  const found = page.getByRole("list", { name: "Found tables" }).getByRole("listitem").filter({ hasText: table });
  await found.getByRole("button", { name: "Columns" }).click();
  await expect(found.getByRole("rowheader").first()).toBeVisible();
  const names = await found.getByRole("rowheader").allInnerTexts();
  expect(names.map((name) => name.trim().split(/\s/)[0])).toEqual(columns);
  await found.getByRole("button", { name: "Query it" }).click();
  await expect(page.getByRole("textbox", { name: "Address of the TAP service" })).toHaveValue(url);
  await expect(app.editor).toContainText(`FROM "${table}"`);
});
