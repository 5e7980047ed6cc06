// Deep links: a link brings its text, and runs it only after one confirming click.

import { expect, test } from "../fixtures";

const ADQL = "SELECT TOP 4 source_id FROM gaiadr3.gaia_source";

test("a link opens the editor with its text and sends nothing", async ({ app, page }) => {
  const sent: string[] = [];
  page.on("request", (request) => /\/tap\/(sync|async)/.test(request.url()) && request.method() === "POST" && sent.push(request.url()));
  await app.open(`#/query?archive=sandbox&adql=${encodeURIComponent(ADQL)}`);
  await expect(app.editor).toContainText(ADQL);
  await page.waitForTimeout(500);
  expect(sent).toEqual([]);
});

for (const mode of ["sync", "async"]) {
  test(`run=${mode} runs after one click, not before`, async ({ app, page }) => {
    const sent: string[] = [];
    page.on("request", (request) => /\/tap\/(sync|async)/.test(request.url()) && request.method() === "POST" && sent.push(request.url()));
    await app.open(`#/query?archive=sandbox&adql=${encodeURIComponent(ADQL)}&run=${mode}`);
    await expect(app.editor).toContainText(ADQL);
    await page.waitForTimeout(500);
    expect(sent).toEqual([]);
    await page.getByRole("region", { name: "Query of a link" }).getByRole("button", { name: /^Run it/ }).click();
    await app.expectVerdict("4 rows, complete", 60_000);
  });
}

test("an unknown archive in a link is named", async ({ app, page }) => {
  await app.open(`#/query?archive=nowhere&adql=${encodeURIComponent(ADQL)}`);
  await expect(page.getByRole("alert").filter({ hasText: /nowhere/ }).first()).toBeVisible();
  await expect(app.editor).toContainText(ADQL);
});
