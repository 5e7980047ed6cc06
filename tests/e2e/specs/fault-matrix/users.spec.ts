// The rows of the fault matrix that concern sessions, tables of users and products.

import { DataLink } from "../../datalink";
import { arm, disarm } from "../../fault";
import { JOB, LIST, panel, test, waiting } from "../../fault_stage";
import { expect } from "../../fixtures";
import { expectMessage } from "../../oracles";
import { having } from "../../products";
import { signIn } from "../../session";
import { own, remove } from "../../user_tables";

test("F16 a list that wanted a session is asked for again after signing in", async ({ app, page, address }) => {
  await arm(address, "status:401", LIST);
  await app.go("Jobs");
  await expect(page.getByText(/wants you to sign in/)).toBeVisible();
  await app.signIn();
  await expect(page.getByText(/wants you to sign in/)).toHaveCount(0);
  await app.signOut();
});

test("F17 403 after the archive has ended the session", async ({ app, page, address }) => {
  await app.signIn();
  await arm(address, "expired", LIST, 5);
  await arm(address, "status:403", LIST, 5);
  await app.go("Jobs");
  const banner = page.getByRole("alert").filter({ hasText: "Signed out by the archive" });
  await expectMessage(banner, { happened: /has ended the session of demo/, kept: /kept|is here/, next: /Continue as demo/ });
  await disarm(address);
});

test("F36 the session ends while a job runs", async ({ app, page, address }) => {
  await app.signIn();
  await arm(address, "expired", JOB, 3);
  await app.mode("Asynchronous");
  await app.runButton.click();
  const banner = page.getByRole("alert").filter({ hasText: "Signed out by the archive" });
  await expectMessage(banner, { happened: /has ended the session of demo/, kept: /kept|is here/, next: /Continue as demo/ });
  await expect(waiting(page)).toContainText(/The job goes on/);
  await disarm(address);
  await banner.getByRole("button", { name: "Continue as demo" }).click();
  await app.fillSignIn("demo", "demo");
  await app.expectVerdict("300 rows, complete");
  await app.signOut();
});

test("F36 the session ends before the result is fetched", async ({ app, page, address }) => {
  await app.signIn();
  await arm(address, "expired", "*/results/result", 3);
  await app.mode("Asynchronous");
  await app.runButton.click();
  const banner = page.getByRole("alert").filter({ hasText: "Signed out by the archive" });
  await expect(banner).toBeVisible();
  await expectMessage(panel(page), { happened: /not allow you|not authorized/, kept: /The job is in the list of jobs/, next: /sign in/i });
  await disarm(address);
  await banner.getByRole("button", { name: "Continue as demo" }).click();
  await app.fillSignIn("demo", "demo");
  await app.go("Jobs");
  await app.jobs("SELECT TOP 300").first().getByRole("button", { name: "Open result" }).click();
  await app.expectVerdict("300 rows, complete");
  await app.signOut();
});

for (const [what, fault, happened] of [
  ["the connection breaks at its end", "upload-reset:900", /connection|No answer/],
  ["200, but the table is not there", "upload-lost", /does not list the table/],
  ["its name is taken", "upload-refused:clash", /already exists/],
  ["a column has a bad name", "upload-refused:column", /Invalid column name/],
] as const) {
  test(`F48 a table of the user: ${what}`, async ({ app, page, address }) => {
    const demo = await signIn(address);
    await remove(demo, "f48");
    await app.signIn();
    await app.go("User tables");
    const dialog = await app.openUpload();
    await app.giveFile("f48.csv", "text/csv", `a,b\n${"1,2\n".repeat(200)}`);
    await expect(dialog.getByText("200 rows, 2 columns")).toBeVisible();
    await arm(address, fault, "*/Upload", 20);
    await dialog.getByRole("button", { name: "Send to the archive" }).click();
    await expectMessage(dialog, { happened, kept: /kept|still here/, next: /again|Choose|Change/ });
    await disarm(address);
    expect(await own(demo)).not.toContain("f48");
    // The file is still in hand.
    await dialog.getByRole("button", { name: "Send to the archive" }).click();
    await expect(app.tableLine("user_demo.f48")).toContainText("200 rows");
    await remove(demo, "f48");
    await app.signOut();
  });
}

for (const [what, fault, said] of [
  ["rows with error messages", "links:errors", /NotFoundFault: there is nothing for/],
  ["rows without their service", "links:no-service", /A service that this page does not call/],
] as const) {
  test(`F60 links: ${what}`, async ({ app, page, address }) => {
    const ids = await having(address, "has_rvs", 2);
    const datalink = new DataLink(page);
    await app.go("DataLink");
    await datalink.ids.fill(ids.join("\n"));
    await arm(address, fault, "*/datalink/links");
    await datalink.findLinks.click();
    await expect(datalink.links.getByRole("row").filter({ hasText: said })).toHaveCount(2);
    await expect(datalink.ids).toHaveValue(ids.join("\n"));
  });
}

test("F60 a link's product is gone, and is tried again", async ({ app, page, address }) => {
  const [id] = await having(address, "has_rvs", 1);
  const datalink = new DataLink(page);
  await app.go("DataLink");
  await datalink.ids.fill(id);
  await datalink.types("RVS");
  await arm(address, "status:503", "*/data-server/data");
  await datalink.get("0 got, 0 missing, 1 failed");
  await page.getByRole("button", { name: "Retry the failed" }).click();
  await datalink.expectAccount("1 got, 0 missing, 0 failed");
});
