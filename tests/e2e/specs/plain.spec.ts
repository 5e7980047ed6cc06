// An archive that is plain TAP: jobs as UWS has them, and a word on what it has not.

import { expect, test } from "../fixtures";
import { look, make } from "../jobs";

// A catalogue that no other test has brings a gateway of its own, whose list of jobs fits on one page.
test.use({ sources: 20_000 });

test.beforeEach(async ({ page }) => {
  await page.route("**/archives.json", async (route) => {
    const answer = await route.fetch();
    const list = await answer.json();
    list[0].capabilities = {};
    list[0].login = false;
    await route.fulfill({ response: answer, json: list });
  });
});

test("its jobs are listed, filtered by phase and deleted one by one", async ({ app, page, address }) => {
  const ids = [await make(address, "SELECT TOP 1 ra FROM gaiadr3.gaia_source"), await make(address, "SELECT TOP 2 ra FROM gaiadr3.gaia_source")];
  for (const id of ids) await expect.poll(async () => (await look(address, id))?.phase).toBe("COMPLETED");
  const lists: string[] = [];
  page.on("request", (request) => {
    if (/\/tap\/async(\?|$)/.test(request.url())) lists.push(request.url());
  });
  await app.open("#/jobs");
  await expect(app.jobs(ids[0])).toBeVisible();
  await expect(page.getByRole("radio", { name: "Synchronous", exact: true })).toHaveCount(0);
  await page.getByRole("combobox", { name: "Phase" }).selectOption("COMPLETED");
  await expect(app.jobs(ids[1])).toBeVisible();
  expect(lists.at(-1)).toContain("PHASE=COMPLETED");
  for (const id of ids) await page.getByRole("checkbox", { name: `Choose Job ${id}` }).check();
  await page.getByRole("button", { name: "Delete 2 jobs" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete 2 jobs" }).click();
  await expect(page.getByRole("status").filter({ hasText: "2 of 2 jobs deleted." })).toBeVisible();
  expect([await look(address, ids[0]), await look(address, ids[1])]).toEqual([undefined, undefined]);
});

test("what it has not is explained", async ({ app, page }) => {
  await app.open("#/service-search");
  await expect(page.getByText("This archive does not ask other services")).toBeVisible();
  await page.getByRole("link", { name: "Show its tables" }).click();
  await expect(page.getByRole("treeitem").first()).toBeVisible();
});
