// Limits that are known before anything is sent, and the way on when a result was cut.

import { expect, test } from "../fixtures";

test("the limit of rows stands beside the query, and a cut result is run as a job by one click", async ({ app, page }) => {
  await app.open();
  await app.mode("Synchronous");
  await expect(page.getByText("At most 2,000 rows synchronously")).toBeVisible();
  await app.run("SELECT TOP 2300 source_id FROM gaiadr3.gaia_source", "Synchronous");
  await app.expectVerdict(/2,000 rows, overflow/);
  await page.getByRole("button", { name: "Run as a job" }).click();
  await app.expectVerdict("2,300 rows, complete", 60_000);
  await expect(page.getByText("At most 3,000,000 rows as a job")).toBeVisible();
});

test("a table that is too large is said to be before it is sent", async ({ app, page }) => {
  await page.route("**/tap/capabilities", async (route) => {
    const answer = await route.fetch();
    const text = (await answer.text()).replace(/<uploadLimit>[\s\S]*?<\/uploadLimit>/, '<uploadLimit><hard unit="byte">300</hard></uploadLimit>');
    await route.fulfill({ response: answer, body: text });
  });
  const sent: string[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/tap/sync")) sent.push(request.url());
  });
  await app.open();
  await app.attach("list.csv", "text/csv", ["id", ...Array.from({ length: 200 }, (_, index) => index)].join("\n"));
  await expect(page.getByRole("alert").filter({ hasText: "at most 300 bytes" })).toBeVisible();
  await app.run("SELECT * FROM tap_upload.list", "Synchronous");
  await expect(page.getByRole("alert").filter({ hasText: "A file is too large for this archive" })).toBeVisible();
  expect(sent).toEqual([]);
});

test("a name is looked up by the resolver that the deployment allows", async ({ app, page }) => {
  await page.route("**/archives.json", async (route) => {
    const answer = await route.fetch();
    const list = await answer.json();
    list[0].resolver = new URL("resolver", app.address).href;
    await route.fulfill({ response: answer, json: list });
  });
  const sesame = (name: string) =>
    name === "Vega"
      ? "<Sesame><Target><Resolver><jradeg>279.23473479</jradeg><jdedeg>+38.78368896</jdedeg></Resolver></Target></Sesame>"
      : "<Sesame><Target><INFO>*** Nothing found ***</INFO></Target></Sesame>";
  await page.route("**/resolver/-ox/SNV?*", (route) =>
    route.fulfill({ contentType: "text/xml", body: sesame(decodeURIComponent(new URL(route.request().url()).search.slice(1))) }),
  );
  await app.open();
  await page.getByRole("button", { name: "Cone search" }).click();
  const dialog = page.getByRole("dialog", { name: "Cone search" });
  const target = dialog.getByRole("textbox", { name: "Name or coordinates" });
  await target.fill("Nobody");
  await dialog.getByRole("button", { name: "Look the name up" }).click();
  await expect(dialog.getByText("The resolver does not know “Nobody”.")).toBeVisible();
  await target.fill("Vega");
  await dialog.getByRole("button", { name: "Look the name up" }).click();
  await expect(dialog.getByLabel("Query of the cone search")).toContainText("CIRCLE(279.23473479, 38.78368896, 1)");
});
