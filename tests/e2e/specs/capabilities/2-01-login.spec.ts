import { expect, test } from "../../fixtures";
import { signIn } from "../../session";

test("2.1 login: a user signs in by the dialog", async ({ app, address }) => {
  await app.open();
  await app.signIn("teacher");
  await expect(app.page.getByRole("banner")).toContainText("teacher");
  const outside = await signIn(address, "teacher");
  expect(await outside.text("tap-server/tap/event?block=false")).toMatch(/^-1=teacher#/);
  await app.signOut();
});
