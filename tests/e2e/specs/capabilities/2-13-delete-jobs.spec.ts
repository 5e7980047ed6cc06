// Jobs are deleted at the archive: several at once, after one question that names how many and what they free, and one alone.

import { arm } from "../../fault";
import { expect, test } from "../../fixtures";
import { look, make, unique } from "../../jobs";
import { signIn } from "../../session";

test("2.13 delete jobs: several of a user at once, and no other", async ({ app, page, address }) => {
  const session = await signIn(address, "teacher");
  const mark = unique("gone");
  const ids: string[] = [];
  for (const number of [1, 2, 3]) {
    ids.push(await make(address, `SELECT TOP ${number} ra FROM gaiadr3.gaia_source`, { JOBNAME: `${mark} ${number}` }, session));
  }
  await expect.poll(async () => (await look(address, ids[2], session))?.phase).toBe("COMPLETED");
  await app.open();
  await app.signIn("teacher");
  await app.go("Jobs");
  await page.getByRole("checkbox", { name: `Choose ${mark} 1` }).check();
  await page.getByRole("checkbox", { name: `Choose ${mark} 3` }).check();
  const chosen = page.getByRole("group", { name: "Chosen jobs" });
  await expect(chosen).toContainText("2 jobs chosen");
  await chosen.getByRole("button", { name: "Delete 2 jobs" }).click();
  const question = page.getByRole("dialog", { name: "Delete 2 jobs?" });
  await expect(question).toContainText(/2 results with 4 rows/);
  await question.getByRole("button", { name: "Keep", exact: true }).click();
  expect(await look(address, ids[0], session)).toBeDefined();
  await chosen.getByRole("button", { name: "Delete 2 jobs" }).click();
  await question.getByRole("button", { name: "Delete 2 jobs" }).click();
  await expect(page.getByRole("status").filter({ hasText: "2 of 2 jobs deleted." })).toBeVisible();
  await expect(app.jobs(mark)).toHaveCount(1);
  const left = await Promise.all(ids.map((id) => look(address, id, session)));
  expect(left.map((job) => job?.id)).toEqual([undefined, ids[1], undefined]);
});

test("2.13 delete jobs: what is not deleted is said in the archive's words", async ({ app, page, address }) => {
  const mark = unique("kept");
  const id = await make(address, "SELECT TOP 1 ra FROM gaiadr3.gaia_source", { JOBNAME: mark });
  await app.open("#/jobs");
  await page.getByRole("checkbox", { name: `Choose ${mark}` }).check();
  await arm(address, "html", "*/deletejobs");
  await page.getByRole("button", { name: "Delete 1 job" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete 1 job" }).click();
  await expect(page.getByRole("status").filter({ hasText: "0 of 1 job deleted." })).toBeVisible();
  await expect(app.jobs(mark)).toBeVisible();
  expect(await look(address, id)).toBeDefined();
});

test("2.13 delete jobs: one alone, from its detail", async ({ app, page, address }) => {
  const mark = unique("single");
  const id = await make(address, "SELECT TOP 1 ra FROM gaiadr3.gaia_source", { JOBNAME: mark });
  await app.open("#/jobs");
  await app.jobs(mark).getByRole("link").click();
  await page.getByRole("region", { name: "Job", exact: true }).getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("dialog", { name: "Delete this job?" }).getByRole("button", { name: "Delete job" }).click();
  await expect(app.jobs(mark)).toHaveCount(0);
  expect(await look(address, id)).toBeUndefined();
});
