import { expect, test } from "../../fixtures";
import { signIn } from "../../session";
import { make, own, share } from "../../user_tables";

const CSV = "ra,dec\n10,20\n30,40\n";

test("2.5 delete table: what will be lost is said, and then it is gone", async ({ app, page, address }) => {
  const demo = await signIn(address);
  await make(demo, "t25_gone", CSV);
  await app.open("#/user-tables");
  await app.signIn();
  await app.openTable("t25_gone");
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  const question = page.getByRole("dialog", { name: "Delete user_demo.t25_gone?" });
  await expect(question).toContainText("its 2 rows");
  await question.getByRole("button", { name: "Keep" }).click();
  expect(await own(demo)).toContain("t25_gone");
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await question.getByRole("button", { name: "Delete table", exact: true }).click();
  await expect(page.getByText("user_demo.t25_gone was deleted.")).toBeVisible();
  await expect(app.tableLine("user_demo.t25_gone")).toHaveCount(0);
  expect(await own(demo)).not.toContain("t25_gone");
});

test("2.5 delete table: a shared one is forced, and the question says who loses it", async ({ app, page, address }) => {
  const demo = await signIn(address);
  await make(demo, "t25_shared", CSV);
  const undo = await share(demo, "t25_shared", "t25 group");
  await app.open("#/user-tables");
  await app.signIn();
  await app.openTable("t25_shared");
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  const question = page.getByRole("dialog", { name: "Delete user_demo.t25_shared?" });
  await expect(question).toContainText("shared with one group or user");
  await question.getByRole("button", { name: "Delete table by force" }).click();
  await expect(page.getByText("user_demo.t25_shared was deleted.")).toBeVisible();
  expect(await own(demo)).not.toContain("t25_shared");
  expect(await demo.text("tap-server/tap/share?action=GetSharedItems")).not.toContain("t25_shared");
  await undo();
});

test.describe("refused", () => {
  // What is broken off is logged too, if the page asks for it meanwhile.
  test.use({ provoked: [/status of 500|net::ERR_FAILED/] });

  test("2.5 delete table: force is offered when the archive refuses", async ({ app, page, address }) => {
    const demo = await signIn(address);
    await make(demo, "t25_late", CSV);
    await app.open("#/user-tables");
    await app.signIn();
    await app.openTable("t25_late");
    await expect(page.getByRole("button", { name: "Delete", exact: true })).toBeEnabled();
    // Without the page's knowledge: what it shows is from before.
    await page.route("**/tap/tables?*", (route) => route.abort());
    await page.route("**/tap/event*", (route) => route.abort());
    const undo = await share(demo, "t25_late", "t25 late group");
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByRole("button", { name: "Delete table", exact: true }).click();
    await expect(page.getByRole("alert").filter({ hasText: "was not deleted" })).toContainText("shared");
    expect(await own(demo)).toContain("t25_late");
    await page.unrouteAll();
    await page.getByRole("button", { name: "Delete by force" }).click();
    await page.getByRole("button", { name: "Delete table by force" }).click();
    await expect(page.getByText("user_demo.t25_late was deleted.")).toBeVisible();
    expect(await own(demo)).not.toContain("t25_late");
    await undo();
  });
});
