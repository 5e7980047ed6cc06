// 2.2 of the archive's documentation: both sessions end.

import { expect, test } from "../../fixtures";
import { signIn } from "../../session";

test("2.2 logout: the sessions end at the archive, not only in the page", async ({ app, address, page }) => {
  const outside = await signIn(address, "student");
  await app.open("#/about");
  await app.signIn("student");
  const cookies = (await page.context().cookies()).map((cookie) => `${cookie.name}=${cookie.value}`).join("; ");
  const asTab = (path: string) => fetch(`${address}gw/sandbox/${path}`, { headers: { "X-Gx": "1", Cookie: cookies } });
  expect(await (await asTab("tap-server/tap/event?block=false")).text()).toMatch(/^-1=student#/);

  await app.signOut();
  await expect(page.getByRole("banner")).not.toContainText("student");
  // The cookies of the tab, had somebody copied them, open nothing any more.
  expect((await asTab("tap-server/tap/event?block=false")).status).toBe(403);
  expect((await page.context().cookies()).filter((cookie) => cookie.name.endsWith(".SESSION"))).toHaveLength(0);
  expect(await outside.text("tap-server/tap/event?block=false")).toMatch(/^301=/m);
  await page.reload();
  await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
});
