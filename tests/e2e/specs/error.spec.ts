// An error of the service stands in words and at its place in the editor.

import { expect, test } from "../fixtures";

// Chromium itself logs every answer with an error status.
test.use({ provoked: [/Failed to load resource: the server responded with a status of 4\d\d/] });

test("an unknown column is named and marked where it stands", async ({ app, page }) => {
  await app.open();
  await app.run("SELECT TOP 5 source_id, nonsuch\nFROM gaiadr3.gaia_source", "Synchronous");
  await expect(page.getByRole("alert").filter({ hasText: /nonsuch/ }).first()).toBeVisible();
  await expect(app.marked.first()).toHaveText("nonsuch");
});

test("a query that the page's parser rejects is sent if the user insists", async ({ app, page }) => {
  await app.open();
  const sent = page.waitForRequest((request) => request.method() === "POST" && /\/tap\/sync/.test(request.url()));
  await app.run("SELEKT 1", "Synchronous");
  await page.getByRole("button", { name: "Send it all the same" }).click();
  await sent;
  await expect(page.getByRole("alert").first()).toBeVisible();
});
