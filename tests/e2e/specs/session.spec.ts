// Sessions that end without being asked to, and tabs that share one.

import { App } from "../app";
import { arm, disarm } from "../fault";
import { expect, test } from "../fixtures";
import { unique } from "../session";

const QUERY = "SELECT TOP 3 source_id FROM gaiadr3.gaia_source -- kept";

test.describe("a session ends by itself", () => {
  test.use({ provoked: [/status of 403/] });

  test("it is explained, nothing that was written is lost, and signing in again resumes", async ({ app, address, page }) => {
    await app.open();
    await app.write(QUERY);
    await app.signIn("demo");
    await app.go("Sharing");
    await page.getByRole("button", { name: "New group" }).click();
    const title = unique("kept");
    const form = page.getByRole("dialog", { name: "New group" });
    await form.getByRole("textbox", { name: "Title" }).fill(title);
    await arm(address, "expired", "*/tap/share", 20);
    await form.getByRole("button", { name: "Save group" }).click();
    await expect(form.getByRole("alert")).toContainText("What you wrote is kept");
    await form.getByRole("button", { name: "Close" }).click();
    const banner = page.getByRole("alert").filter({ hasText: "Signed out by the archive" });
    await expect(banner).toContainText("has ended the session of demo");
    await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
    await disarm(address);

    await banner.getByRole("button", { name: "Continue as demo" }).click();
    const dialog = page.getByRole("dialog", { name: "Sign in" });
    await expect(dialog.getByRole("textbox", { name: "User name" })).toHaveValue("demo");
    await app.fillSignIn("demo", "demo");
    await expect(app.signOutButton).toBeVisible();
    await expect(banner).toHaveCount(0);
    await page.getByRole("button", { name: "New group" }).click();
    await expect(form.getByRole("textbox", { name: "Title" })).toHaveValue(title);
    await form.getByRole("button", { name: "Save group" }).click();
    await expect(page.getByRole("region", { name: "Groups" })).toContainText(title);
    await app.go("Query");
    await expect(app.editor).toContainText("-- kept");
  });

  test("a result that is the user's alone tells it too, and can be fetched again", async ({ app, address, page }) => {
    await app.open();
    await app.signIn("demo");
    await arm(address, "expired", "*/results/result", 20);
    await app.run(QUERY, "Asynchronous");
    const banner = page.getByRole("alert").filter({ hasText: "Signed out by the archive" });
    await expect(banner).toBeVisible();
    await disarm(address);
    await banner.getByRole("button", { name: "Continue as demo" }).click();
    await app.fillSignIn("demo", "demo");
    await expect(app.signOutButton).toBeVisible();
    await app.go("Jobs");
    await app.jobs("kept").getByRole("button", { name: "Open result" }).click();
    await app.expectVerdict("3 rows");
  });

  test("it is noticed while nobody does anything", async ({ app, address, page }) => {
    await app.open("#/about");
    await app.signIn("demo");
    await arm(address, "expired", "*/tap/event", 20);
    await expect(page.getByRole("alert").filter({ hasText: "Signed out by the archive" })).toBeVisible({ timeout: 40_000 });
  });
});

test("one tab signs in and out for all", async ({ app, address, page, context }) => {
  const second = await context.newPage();
  const other = new App(second, address);
  await app.open("#/sharing");
  await other.open("#/sharing");
  await app.signIn("teacher");
  await expect(other.signOutButton).toBeVisible();
  await expect(second.getByRole("button", { name: "New group" })).toBeVisible();
  await app.signOut();
  await expect(second.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
  await expect(second.getByRole("button", { name: "New group" })).toHaveCount(0);
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("an archive without logins asks nobody to sign in", async ({ app, page }) => {
  await page.route("**/archives.json", async (route) => {
    const answer = await route.fetch();
    const archives = (await answer.json()) as { login?: boolean }[];
    await route.fulfill({ response: answer, json: archives.map((archive) => ({ ...archive, login: false })) });
  });
  await app.open("#/sharing");
  await expect(page.getByText("takes no logins")).toBeVisible();
  await expect(page.getByRole("button", { name: "Sign in" })).toHaveCount(0);
});
