// 2.7 of the archive's documentation: tables that others share with the user are listed and queried.

import { expect, test } from "../../fixtures";
import { signIn, unique, upload } from "../../session";

test("2.7 shared tables: what somebody shares is listed and queried", async ({ app, address, page }) => {
  const teacher = await signIn(address, "teacher");
  const table = await upload(teacher, unique("lesson"), "name,value\na,1\nb,2\nc,3\n");
  const shared = await teacher.post("tap-server/tap/share", {
    action: "CreateOrUpdateItem",
    resource_type: "0",
    title: table,
    description: "for the class",
    items_list: "student|User|Read",
  });
  expect(await shared.text()).toMatch(/^OK/);

  await app.open("#/sharing");
  await app.signIn("student");
  await page.getByRole("tab", { name: /^Shared with me/ }).click();
  const line = page.getByRole("region", { name: "Shared with me" }).getByRole("listitem").filter({ hasText: table });
  await expect(line).toContainText("of teacher, 3 rows");
  await line.getByRole("button", { name: "Query this table" }).click();
  await expect(app.editor).toContainText(table);
  await app.mode("Synchronous");
  await app.runButton.click();
  await app.expectVerdict("3 rows");

  // What the page got is what the archive gives to that user, and to nobody who is not signed in.
  const query = { REQUEST: "doQuery", LANG: "ADQL", FORMAT: "csv", QUERY: `SELECT value FROM ${table} ORDER BY value` };
  const student = await signIn(address, "student");
  const rows = await (await student.post("tap-server/tap/sync", query)).text();
  expect(rows.trim().split(/\r?\n/).slice(1)).toEqual(["1", "2", "3"]);
  const nobody = await fetch(new URL("sandbox/tap-server/tap/sync", address), { method: "POST", body: new URLSearchParams(query) });
  expect(nobody.ok).toBe(false);
});
