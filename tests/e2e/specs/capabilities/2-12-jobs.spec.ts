// The archive's list of jobs: filtered and ordered by the archive, page by page, and the history of synchronous queries.

import { sync } from "../../archive";
import { expect, test } from "../../fixtures";
import { list, look, make, unique } from "../../jobs";
import { signIn } from "../../session";

test("2.12 job lists: filtered by name, phase, query and day", async ({ app, page, address }) => {
  const mark = unique("list");
  const good = await make(address, `SELECT TOP 3 ra AS ${mark} FROM gaiadr3.gaia_source`, { JOBNAME: `${mark} good` });
  await make(address, `SELECT TOP 1 dec AS ${mark} FROM gaiadr3.gaia_source`, { JOBNAME: `${mark} other` });
  await make(address, `SELECT ${mark} FROM gaiadr3.gaia_source`, { JOBNAME: `${mark} bad` });
  await app.open("#/jobs");
  await expect(app.jobs(mark)).toHaveCount(3);
  const asked: URL[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/jobs/async")) asked.push(new URL(request.url()));
  });
  const filters = page.getByRole("search", { name: "Filter jobs" });
  const field = (name: string) => filters.getByRole("textbox", { name, exact: true });
  const phase = filters.getByRole("combobox", { name: "Phase" });
  await field("Name").fill(mark);
  await field("Name").press("Enter");
  await phase.selectOption("ERROR");
  await expect(app.jobs(mark)).toHaveCount(1);
  await expect(app.jobs(`${mark} bad`)).toBeVisible();
  await phase.selectOption("COMPLETED");
  await field("Query has").fill("ra AS");
  await field("Query has").press("Enter");
  await expect(app.jobs(mark)).toHaveCount(1);
  await expect(app.jobs(`${mark} good`)).toBeVisible();
  const last = asked.at(-1)!.searchParams;
  expect([last.get("jobname"), last.get("phaseid"), last.get("query")]).toEqual([mark, "COMPLETED", "ra AS"]);
  // What the archive itself answers to the same question.
  const answer = await (await fetch(new URL(`sandbox/tap-server/tap/jobs/async?jobname=${mark}&phaseid=COMPLETED&query=ra+AS`, address))).text();
  expect([...answer.matchAll(/<uws:jobId><!\[CDATA\[([^\]]+)/g)].map(([, id]) => id)).toEqual([good]);
  await filters.getByLabel("to", { exact: true }).fill("2001-01-01");
  await filters.getByLabel("to", { exact: true }).press("Tab");
  await expect(page.getByText("No such job")).toBeVisible();
  await page.getByRole("button", { name: "Clear filters" }).first().click();
  await expect(app.jobs(mark)).toHaveCount(3);
});

test("2.12 job lists: ordered, and page by page", async ({ app, page, address }) => {
  const session = await signIn(address, "student");
  const mark = unique("page");
  for (let number = 0; number < 53; number += 1) {
    const name = `${mark} ${String(number).padStart(2, "0")}`;
    await make(address, "SELECT TOP 1 ra FROM gaiadr3.gaia_source", { JOBNAME: name }, session);
  }
  const total = (await list(address, "async", session)).length;
  await app.open();
  await app.signIn("student");
  await app.go("Jobs");
  const pages = page.getByRole("navigation", { name: "Pages of the list" });
  await expect(pages).toContainText(`1 to 50 of ${total}`);
  await expect(app.jobs(mark)).toHaveCount(50);
  await expect(app.jobs(mark).first()).toContainText(`${mark} 52`);
  await pages.getByRole("button", { name: "Next" }).click();
  await expect(pages).toContainText(`51 to ${Math.min(total, 100)} of ${total}`);
  await expect(app.jobs(`${mark} 00`)).toBeVisible();
  await expect(app.jobs(mark)).toHaveCount(3);
  await page.getByRole("combobox", { name: "Order" }).selectOption("Name");
  await page.getByRole("textbox", { name: "Name", exact: true }).fill(mark);
  await page.getByRole("textbox", { name: "Name", exact: true }).press("Enter");
  await expect(app.jobs(mark).first()).toContainText(`${mark} 00`);
});

test("2.12 job lists: the history of synchronous queries", async ({ app, page, address }) => {
  const mark = unique("history");
  await sync(address, `SELECT TOP 1 ra AS ${mark} FROM gaiadr3.gaia_source`, "csv");
  await app.open("#/jobs");
  await expect(page.getByRole("heading", { name: "Jobs" })).toBeVisible();
  await page.getByRole("radio", { name: "Synchronous", exact: true }).check();
  await app.jobs(mark).getByRole("button", { name: "Edit query" }).click();
  await expect(app.editor).toContainText(mark);
});

test("2.12 job lists: one is opened by its id or address, named here, and tells when it ends", async ({ app, page, context, address }) => {
  // Nobody is there to answer the browser's question: notifications are refused.
  await context.grantPermissions([]);
  const adql = "SELECT TOP 1 ra FROM gaiadr3.gaia_source";
  const id = await make(address, adql, { PHASE: "" });
  const name = unique("renamed");
  await app.open("#/jobs");
  const open = async (text: string) => {
    await page.getByRole("textbox", { name: "Open job" }).fill(text);
    await page.getByRole("button", { name: "Open", exact: true }).click();
  };
  await open("https://elsewhere.example/tap/async/1");
  await expect(page.getByRole("alert")).toContainText("neither the id of a job nor the address");
  await open(id);
  const detail = page.getByRole("region", { name: "Job", exact: true });
  await expect(detail).toContainText(adql);
  await detail.getByRole("textbox", { name: "Name" }).fill(name);
  await detail.getByRole("button", { name: "Rename" }).click();
  await expect(app.jobs(name)).toBeVisible();
  // It has not started: the archive takes the name.
  await expect.poll(async () => (await list(address, "async")).find((job) => job.id === id)?.name).toBe(name);
  await detail.getByRole("button", { name: "Notify me" }).click();
  await expect(detail.getByText(/The browser does not let this page notify/)).toBeVisible();
  // Naming it and waiting for it does not start it.
  await expect(app.jobs(name)).toContainText("waits for Run");
  expect((await look(address, id))?.phase).toBe("PENDING");
  await detail.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page.getByText(`The job “${name}” is completed.`)).toBeVisible({ timeout: 30_000 });
  await page.reload();
  await expect(app.jobs(name)).toBeVisible();
  await detail.getByRole("button", { name: "Close" }).click();
  await open(new URL(`sandbox/tap-server/tap/async/${id}/results/result`, address).href);
  await expect(detail).toContainText(id);
});
