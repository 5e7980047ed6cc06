// The page asks for the job until it has ended, by itself, and shows what came of it.

import { expect, test } from "../../fixtures";
import { list, unique } from "../../jobs";

test("1.5 poll to the end: the page follows a job", async ({ app, page, address }) => {
  const name = unique("poll");
  const asked: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "GET" && /\/async\/[^/]+$/.test(new URL(request.url()).pathname)) asked.push(request.url());
  });
  await app.open();
  await app.mode("Asynchronous");
  await page.getByRole("textbox", { name: "Job name" }).fill(name);
  await app.run("SELECT COUNT(*) AS pairs FROM gaiadr3.gaia_source AS a JOIN gaiadr3.gaia_source AS b ON a.random_index = b.random_index + 1", "Asynchronous");
  await app.expectVerdict("1 row, complete", 80_000);
  const job = (await list(address, "async")).find((job) => job.name === name);
  expect(job?.phase).toBe("COMPLETED");
  expect(asked.some((url) => url.endsWith(job!.id))).toBe(true);
});

test("1.5 poll to the end: a job that fails says why", async ({ app, page, address }) => {
  const name = unique("bad");
  await app.open();
  await app.mode("Asynchronous");
  await page.getByRole("textbox", { name: "Job name" }).fill(name);
  await app.run("SELECT no_such_column FROM gaiadr3.gaia_source", "Asynchronous");
  await expect(page.getByRole("alert").filter({ hasText: /no_such_column/ }).first()).toBeVisible({ timeout: 60_000 });
  const job = (await list(address, "async")).find((job) => job.name === name);
  expect(job === undefined || job.phase === "ERROR").toBe(true);
});
