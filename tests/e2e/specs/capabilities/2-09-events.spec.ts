// 2.9 of the archive's documentation: what happens elsewhere is shown here, and one tab asks for all.

import type { Page } from "@playwright/test";

import { App } from "../../app";
import { expect, test } from "../../fixtures";
import { signIn, unique, upload } from "../../session";

test("2.9 events: what somebody shares appears by itself", async ({ app, address, page }) => {
  const asked = listen(page);
  await app.open("#/sharing");
  await page.waitForTimeout(1_500);
  expect(asked, "nothing is asked before somebody signs in").toEqual([]);
  await app.signIn("student");
  await page.getByRole("tab", { name: /^Shared with me/ }).click();
  await expect.poll(() => asked.length).toBeGreaterThan(0);

  const teacher = await signIn(address, "teacher");
  const table = await upload(teacher, unique("news"), "a\n1\n");
  const share = { action: "CreateOrUpdateItem", resource_type: "0", title: table, description: "", items_list: "student|User|Read" };
  expect(await (await teacher.post("tap-server/tap/share", share)).text()).toMatch(/^OK/);
  const line = page.getByRole("region", { name: "Shared with me" }).getByRole("listitem").filter({ hasText: table });
  await expect(line).toBeVisible({ timeout: 40_000 });
  // The archive raised the events for this user, and the page has left them to other programs of the user.
  const outside = await page.request.get(`${address}gw/sandbox/tap-server/tap/event?block=false`, { headers: { "X-Gx": "1" } });
  expect(await outside.text()).toMatch(/^210=/m);
  expect(asked.every((url) => url.includes("block=false"))).toBe(true);

  await app.signOut();
  const before = asked.length;
  await page.waitForTimeout(6_000);
  expect(asked.length, "nothing is asked after signing out").toBe(before);
});

test("2.9 events: of two tabs one asks, and both show what it hears", async ({ app, address, page, context }) => {
  const second = await context.newPage();
  const other = new App(second, address);
  const [first, others] = [listen(page), listen(second)];
  await app.open("#/sharing");
  await app.signIn("student");
  await other.open("#/sharing");
  for (const tab of [page, second]) await tab.getByRole("tab", { name: /^Shared with me/ }).click();
  await expect.poll(() => first.length, { timeout: 30_000 }).toBeGreaterThan(1);

  const teacher = await signIn(address, "teacher");
  const table = await upload(teacher, unique("both"), "a\n1\n");
  const share = { action: "CreateOrUpdateItem", resource_type: "0", title: table, description: "", items_list: "student|User|Read" };
  await teacher.post("tap-server/tap/share", share);
  for (const tab of [page, second]) {
    const line = tab.getByRole("region", { name: "Shared with me" }).getByRole("listitem").filter({ hasText: table });
    await expect(line).toBeVisible({ timeout: 40_000 });
  }
  expect(others, "the second tab hears from the first").toEqual([]);
});

/** The requests of a tab for events. */
function listen(page: Page): string[] {
  const asked: string[] = [];
  page.on("request", (request) => {
    if (new URL(request.url()).pathname.endsWith("/tap/event")) asked.push(request.url());
  });
  return asked;
}
