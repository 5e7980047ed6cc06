// axe finds nothing in the session's, sharing's and notifications' views and dialogs, full and empty; nothing is wider than the window.

import AxeBuilder from "@axe-core/playwright";

import { arm } from "../fault";
import { expect, test } from "../fixtures";
import { signIn, unique, upload } from "../session";

test.use({ provoked: [/status of 403/] });

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [1280, 390]) {
    test(`session, sharing and notifications, ${colorScheme}, ${width} px`, async ({ app, address, page }) => {
      const clean = async (where: string) => {
        await page.waitForTimeout(200);
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.flatMap(({ id, nodes }) => nodes.map((node) => `${where}: ${id}: ${node.target} ${node.failureSummary}`))).toEqual([]);
        const overflow = await page.evaluate(() => {
          const boxes = [document.documentElement, ...document.querySelectorAll(".frame-main, dialog[open]")];
          return Math.max(...boxes.map((box) => box.scrollWidth - box.clientWidth));
        });
        expect(overflow, `${where} is wider than the window`).toBeLessThanOrEqual(0);
      };
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 800 });
      const [teacher, demo] = [await signIn(address, "teacher"), await signIn(address, "demo")];
      const [title, table] = [unique("class"), await upload(teacher, unique("stars"), "a\n1\n")];
      const theirs = await upload(demo, unique("theirs"), "a\n1\n");
      const share = (who: typeof demo, form: Record<string, string>) => who.post("tap-server/tap/share", form);
      await share(teacher, { action: "CreateOrUpdateGroup", title, description: "a description", users_list: "student,demo" });
      await share(teacher, { action: "CreateOrUpdateItem", resource_type: "0", title: table, description: "x", items_list: "demo|User|Read" });
      await share(demo, { action: "CreateOrUpdateItem", resource_type: "0", title: theirs, description: "", items_list: "teacher|User|Read" });

      await app.open("#/sharing");
      await clean("sharing, nobody signed in");
      await page.getByRole("button", { name: "Show the form for it" }).click();
      await clean("the form for signing in");
      await app.fillSignIn("teacher", "teacher");
      await expect(page.getByRole("region", { name: "Groups" })).toContainText(title);
      await clean("groups");
      await page.getByRole("button", { name: `Edit ${title}` }).click();
      await clean("a group's form");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: `Delete ${title}` }).click();
      await clean("the question before a group is deleted");
      await page.keyboard.press("Escape");
      await page.getByRole("tab", { name: /^Shared by me/ }).click();
      await clean("shared by me");
      await page.getByRole("button", { name: `Change the sharing of ${table}` }).click();
      await expect(page.getByRole("dialog").getByRole("list", { name: "Shared with" })).toBeVisible();
      await clean("a share's form");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: `Stop sharing ${table}` }).click();
      await clean("the question before a table is shared no longer");
      await page.keyboard.press("Escape");
      await page.getByRole("tab", { name: /^Shared with me/ }).click();
      await clean("shared with me");
      await app.go("Notifications");
      await expect(page.getByRole("list", { name: "Notifications" })).toContainText("shares table");
      await clean("notifications");
      await arm(address, "expired", "*/tap/notification", 9);
      await arm(address, "expired", "*/tap/event", 9);
      await page.getByRole("button", { name: "Refresh" }).click();
      await expect(page.getByText("Signed out by the archive")).toBeVisible({ timeout: 40_000 });
      await clean("signed out by the archive");
    });
  }
}
