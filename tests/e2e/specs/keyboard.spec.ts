// Whole flows with the keyboard alone: from a query to its result, its picture, a selection, and the light curve of a star.

import { DataLink } from "../datalink";
import { expect, test } from "../fixtures";
import { Keyboard } from "../keyboard";

test.use({ provoked: [/Failed to load resource: the server responded with a status of 400/] });

const ADQL = `SELECT TOP 40 source_id, ra, dec, phot_g_mean_mag, bp_rp
FROM gaiadr3.gaia_source WHERE has_epoch_photometry = 't' AND bp_rp IS NOT NULL ORDER BY source_id`;

test("query, result, picture, selection, DataLink, light curve", async ({ app, page }) => {
  test.slow();
  const keyboard = new Keyboard(page);
  await app.open();

  await keyboard.write(app.editor, ADQL);
  await page.keyboard.press("ControlOrMeta+Enter");
  await app.expectVerdict("40 rows, complete");

  await test.step("the grid", async () => {
    await keyboard.reach(app.grid.getByRole("gridcell").first().or(app.grid.locator("[tabindex='0']").first()).first());
    await page.keyboard.press("ControlOrMeta+End");
    await expect(app.row(41)).toBeVisible();
    await page.keyboard.press("ControlOrMeta+Home");
    await expect(app.row(2)).toBeVisible();
  });

  await test.step("the picture and what is selected in it", async () => {
    await keyboard.press(page.getByRole("link", { name: "Whole page" }));
    await expect(page.getByRole("status").filter({ hasText: /drawn/ })).toBeVisible();
    const picture = page.getByRole("application");
    await keyboard.reach(picture);
    for (const key of ["+", "ArrowUp", "ArrowLeft", "0", "Enter"]) await page.keyboard.press(key);
    await app.expectVerdict("40 rows selected");
    await page.keyboard.press("Escape");
    await expect(page.getByText("No rows selected")).toBeVisible();
    await keyboard.reach(app.grid.getByRole("gridcell").first().or(app.grid.locator("[tabindex='0']").first()).first());
    await page.keyboard.press("Space");
    await app.expectVerdict("1 row selected");
  });

  await test.step("the light curve", async () => {
    const datalink = new DataLink(page);
    await keyboard.press(page.getByRole("link", { name: "DataLink", exact: true }));
    await keyboard.press(page.getByRole("button", { name: "From a result" }));
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect(datalink.ids).toHaveValue(/^\d+\s*$/);
    const id = (await datalink.ids.inputValue()).trim();
    const type = page.getByRole("checkbox", { name: / EPOCH_PHOTOMETRY$/ });
    await keyboard.reach(type);
    if (!(await type.isChecked())) await page.keyboard.press("Space");
    await expect(type).toBeChecked();
    await keyboard.press(datalink.getProducts);
    await datalink.expectAccount(/got/);
    await keyboard.press(datalink.draw("EPOCH_PHOTOMETRY", id));
    await expect(datalink.picture.getByRole("img").first()).toHaveAttribute("aria-label", /observations/);
  });
});

test("an error is reached, and its query mended", async ({ app, page }) => {
  const keyboard = new Keyboard(page);
  await app.open();
  await keyboard.write(app.editor, "SELEKT 1");
  await keyboard.press(app.runButton);
  await keyboard.press(page.getByRole("button", { name: "Send it all the same" }));
  await keyboard.reach(page.getByRole("button", { name: "Copy report" }));
  await keyboard.write(app.editor, "SELECT TOP 3 source_id FROM gaiadr3.gaia_source");
  await page.keyboard.press("ControlOrMeta+Enter");
  await app.expectVerdict("3 rows, complete");
});

test("signing in and out", async ({ app, page }) => {
  const keyboard = new Keyboard(page);
  await app.open("#/about");
  const button = page.getByRole("button", { name: "Sign in", exact: true });
  await keyboard.press(button);
  const dialog = page.getByRole("dialog", { name: "Sign in" });
  await expect(dialog).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(button).toBeFocused();
  await page.keyboard.press("Enter");
  await keyboard.write(dialog.getByRole("textbox", { name: "User name" }), "demo");
  await keyboard.write(dialog.getByLabel("Password"), "demo");
  await page.keyboard.press("Enter");
  await keyboard.press(app.signOutButton);
  await expect(button).toBeVisible();
});
