// 2.1 of the archive's documentation: a session for TAP server and data server, opened by one form of the page.

import { arm } from "../../fault";
import { expect, test } from "../../fixtures";
import { signIn } from "../../session";

/** When the archive last told this code in the events of a session; 0 if never. */
function told(events: string, code: number): number {
  return Number(new RegExp(`^${code}=(\\d+)`, "m").exec(events)?.[1] ?? 0);
}

test("2.1 login: one form opens both sessions, and the password goes to the gateway alone", async ({ app, address, page }) => {
  const outside = await signIn(address, "teacher");
  const before = told(await outside.text("tap-server/tap/event?block=false"), 300);
  const carried: string[] = [];
  page.on("request", (request) => {
    if (`${request.url()} ${request.postData() ?? ""}`.includes("password=")) carried.push(new URL(request.url()).pathname);
  });
  await app.open();
  await app.go("Notifications");
  await app.signIn("teacher");
  await expect(page.getByRole("banner")).toContainText("teacher");
  await expect(page).toHaveURL(/#\/notifications/);
  expect(carried).toEqual(["/gw/sandbox/_login"]);

  await expect.poll(async () => told(await outside.text("tap-server/tap/event?block=false"), 300)).toBeGreaterThan(before);
  const mine = await page.request.get(`${address}gw/sandbox/tap-server/tap/event?block=false`, { headers: { "X-Gx": "1" } });
  expect(await mine.text()).toMatch(/^-1=teacher#/);
  const cookies = await page.context().cookies();
  const sessions = cookies.filter((cookie) => cookie.name.endsWith(".SESSION"));
  expect(sessions).toHaveLength(2);
  expect(cookies.every((cookie) => cookie.httpOnly)).toBe(true);

  await page.reload();
  await expect(page.getByRole("banner")).toContainText("teacher");
});

test("2.1 login: the dialog says where the password goes and has the only button of its name", async ({ app, address, page }) => {
  await app.open("#/about");
  await page.getByRole("button", { name: "Sign in" }).click();
  const dialog = page.getByRole("dialog", { name: "Sign in" });
  await expect(dialog).toContainText(new URL(address).host);
  await expect(page.getByRole("button", { name: "Sign in" })).toHaveCount(1);
  await expect(dialog.getByRole("textbox", { name: "User name" })).toBeFocused();
  await dialog.getByRole("textbox", { name: "User name" }).fill("demo");
  await dialog.getByRole("textbox", { name: "Password" }).fill("sesame");
  await dialog.getByRole("button", { name: "Show the command" }).click();
  const command = page.getByRole("dialog", { name: "Signing in as a command" });
  for (const tool of ["curl", "astroquery", "pyVO"]) {
    await command.getByRole("tab", { name: tool }).click();
    await expect(command.getByLabel("Command")).toContainText("demo");
    await expect(command).not.toContainText("sesame");
  }
  await page.keyboard.press("Escape");
  await dialog.getByRole("textbox", { name: "Password" }).fill("demo");
  await page.keyboard.press("Enter");
  await expect(app.signOutButton).toBeVisible();
  await expect(app.signOutButton).toBeFocused();
});

test.describe("2.1 login, refused", () => {
  test.use({ provoked: [/status of (401|502)|ERR_FAILED/] });

  test("2.1 login: a wrong password is explained and not kept", async ({ app, page }) => {
    await app.open("#/about");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await app.fillSignIn("demo", "wrong");
    const dialog = page.getByRole("dialog", { name: "Sign in" });
    await expect(dialog.getByRole("alert")).toContainText("did not accept this user name and password");
    await expect(dialog.getByRole("textbox", { name: "Password" })).toHaveValue("");
    await expect(dialog.getByRole("textbox", { name: "User name" })).toHaveValue("demo");
    expect((await page.context().cookies()).filter((cookie) => cookie.name.endsWith(".SESSION"))).toHaveLength(0);
    await app.fillSignIn("demo", "demo");
    await expect(app.signOutButton).toBeVisible();
  });

  test("2.1 login: if one of the two refuses, the other is left again", async ({ app, address, page }) => {
    const outside = await signIn(address, "student");
    const before = told(await outside.text("tap-server/tap/event?block=false"), 301);
    await app.open("#/about");
    await arm(address, "status:500", "/data-server/login");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await app.fillSignIn("student", "student");
    await expect(page.getByRole("dialog").getByRole("alert")).toContainText("signed in to both or to neither");
    expect((await page.context().cookies()).filter((cookie) => cookie.name.endsWith(".SESSION"))).toHaveLength(0);
    expect(told(await outside.text("tap-server/tap/event?block=false"), 301)).toBeGreaterThan(before);
  });

  test("2.1 login: a gateway that does not answer is named", async ({ app, address, page }) => {
    await app.open("#/about");
    await page.route("**/_login", (route) => route.abort());
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await app.fillSignIn("demo", "demo");
    await expect(page.getByRole("dialog").getByRole("alert")).toContainText(`No answer from ${new URL(address).host}`);
  });
});
