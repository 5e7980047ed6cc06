// 2.10 of the archive's documentation: an inbox, what was read in it, and the notices for everybody.

import { App } from "../../app";
import { expect, test } from "../../fixtures";
import { Gateway } from "../../gateway";
import { type Session, signIn, unique } from "../../session";

test("2.10 notifications: a new one is shown, marked as read at the archive, and kept here", async ({ app, address, page }) => {
  const [teacher, student] = [await signIn(address, "teacher"), await signIn(address, "student")];
  const [first, second] = [unique("first"), unique("second")];
  await invite(teacher, first);
  await app.open("#/notifications");
  await app.signIn("student");
  const inbox = page.getByRole("list", { name: "Notifications" });
  const line = (words: string) => inbox.getByRole("listitem").filter({ hasText: words });
  await expect(line(first)).toContainText("Unread:");

  // What comes meanwhile is said once, and counted on the rail.
  await invite(teacher, second);
  await expect(page.locator(".toast").filter({ hasText: second })).toBeVisible({ timeout: 40_000 });
  await expect(line(second)).toBeVisible();
  const badge = page.getByRole("link", { name: "Notifications", exact: true }).locator(".rail-badge");
  const unread = Number(await badge.innerText());

  await line(first).getByRole("button", { name: "Mark as read" }).click();
  await expect(line(first)).not.toContainText("Unread:");
  await expect(badge).toHaveText(String(unread - 1));
  const told = await student.text("tap-server/tap/notification?action=GetNotifications");
  expect(told).not.toContain(first);
  expect(told).toContain(second);

  await page.reload();
  await expect(line(first)).not.toContainText("Unread:");
  await page.getByRole("radio", { name: "Unread" }).check();
  await expect(line(first)).toHaveCount(0);
  await expect(line(second)).toBeVisible();
  await page.getByRole("button", { name: "Mark all as read" }).click();
  await expect(page.getByText("Nothing unread")).toBeVisible();
  await expect(badge).toHaveCount(0);
  expect((await student.text("tap-server/tap/notification?action=GetNotifications")).trim()).toBe("");
});

test("2.10 notifications: a notice for everybody is a banner until it is put away", async ({ page }) => {
  const gateway = await Gateway.start({ sources: 1000, banner: "Maintenance on Monday" });
  try {
    const app = new App(page, gateway.address);
    await app.open("#/about");
    const banner = page.getByRole("status").filter({ hasText: "Maintenance on Monday" });
    await expect(banner).toBeVisible();
    const outside = await fetch(new URL("sandbox/tap-server/tap/notification?action=GetNotifications", gateway.address));
    expect(await outside.text()).toContain("[type: -100,-1]=Maintenance on Monday");
    await banner.getByRole("button", { name: "Put this notice away" }).click();
    await expect(banner).toHaveCount(0);
    await page.reload();
    await app.go("Notifications");
    await expect(page.getByRole("region", { name: "For everybody" })).toContainText("Maintenance on Monday");
    await expect(banner).toHaveCount(0);
  } finally {
    await gateway.stop();
  }
});

/** The archive tells the student of a new group that they belong to. */
async function invite(teacher: Session, title: string) {
  const form = { action: "CreateOrUpdateGroup", title, description: "", users_list: "student" };
  expect(await (await teacher.post("tap-server/tap/share", form)).text()).toMatch(/^OK/);
}
