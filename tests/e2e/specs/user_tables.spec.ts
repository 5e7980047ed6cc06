// The view of user tables with a table in it, and its dialogs: axe finds nothing, nothing is wider than the window, and an upload
// goes by the keyboard alone.

import AxeBuilder from "@axe-core/playwright";

import { expect, test } from "../fixtures";
import { signIn } from "../session";
import { columns, make, own, remove } from "../user_tables";

const CSV = "id,ra,dec\n1,10,20\n2,30,40\n";

for (const [colorScheme, width] of [["light", 1280], ["dark", 390]] as const) {
  test(`tables and their dialogs, ${colorScheme}, ${width} px`, async ({ app, page, address }) => {
    const demo = await signIn(address);
    await make(demo, "a11y_mine", CSV, "Two places");
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: 800 });
    await app.open("#/user-tables");
    await page.getByRole("button", { name: "Show the form for it" }).click();
    await app.fillSignIn("demo", "demo");
    const check = async (what: string) => {
      await page.waitForTimeout(300);
      const { violations } = await new AxeBuilder({ page }).analyze();
      const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${what}: ${id}: ${node.target} ${node.failureSummary}`));
      expect(found).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(overflow, `${what} is wider than the window`).toBeLessThanOrEqual(0);
    };
    await expect(app.tableLine("user_demo.a11y_mine")).toBeVisible();
    await page.getByText("More choices").click();
    await check("list");
    const upload = await app.openUpload();
    await app.giveFile("stars.csv", "text/csv", CSV);
    await expect(upload.getByText("2 rows, 3 columns")).toBeVisible();
    await check("upload");
    for (const source of ["Paste", "Result in hand", "Job", "Address"]) {
      await upload.getByRole("tab", { name: source }).click();
      await check(source);
    }
    await page.keyboard.press("Escape");
    await app.openTable("a11y_mine");
    await check("table");
    await page.getByRole("button", { name: "Edit columns" }).click();
    await check("columns");
    await page.getByRole("button", { name: "Rename" }).click();
    await page.getByText("Rename columns").click();
    await check("rename");
    await page.keyboard.press("Escape");
    await page.getByRole("region", { name: "Table", exact: true }).getByRole("button", { name: "Cross-match" }).click();
    await expect(page.getByLabel("ADQL of the cross-match")).toBeVisible();
    await check("cross-match");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await check("delete");
    await page.keyboard.press("Escape");
    await remove(demo, "a11y_mine");
  });
}

test("a table is pasted, sent and flagged with the keyboard alone", async ({ app, page, address }) => {
  const demo = await signIn(address);
  await remove(demo, "by_keyboard");
  await app.open("#/user-tables");
  await app.signIn();
  await page.getByRole("button", { name: "Upload table" }).press("Enter");
  const dialog = page.getByRole("dialog", { name: "New table" });
  await dialog.getByRole("tab", { name: "File" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Tab");
  await page.keyboard.insertText(CSV);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(dialog.getByText("2 rows, 3 columns")).toBeVisible();
  await dialog.getByLabel("Name", { exact: true }).focus();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("by_keyboard");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "user_demo.by_keyboard" })).toBeVisible();
  expect(await own(demo)).toContain("by_keyboard");
  await page.getByRole("button", { name: "Edit columns" }).press("Enter");
  await page.getByLabel("What id means").focus();
  await page.keyboard.type("Mag");
  await page.getByRole("button", { name: "Save changes" }).press("Enter");
  await expect(page.getByText("The columns of user_demo.by_keyboard were changed.")).toBeVisible();
  expect((await columns(demo, "by_keyboard")).find((column) => column.name === "id")?.flags).toBe(8);
  await remove(demo, "by_keyboard");
});
