// DataLink {links}: identifiers from wherever they are, and the links that the archive has of them.

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { arm } from "../../fault";
import { DataLink, TYPES } from "../../datalink";
import { expect, test } from "../../fixtures";
import { having, links, linksIn } from "../../products";
import { rows } from "../../archive";

/** Source and product of the links that are shown, as an independent client would list them. */
async function shown(datalink: DataLink): Promise<string[]> {
  const label = new Map<string, string>(TYPES.map(({ name, label }) => [label, name]));
  const all = await datalink.links.getByRole("row").all();
  const cells = await Promise.all(all.slice(1).map((row) => row.getByRole("cell").allInnerTexts()));
  return cells.map(([id, product]) => `${id} ${label.get(product)}`).sort();
}

test("DataLink links: of sources typed in any form", async ({ app, page, address }) => {
  const [a, b, c] = await having(address, "has_xp_sampled", 3);
  const datalink = new DataLink(page);
  await app.open("#/datalink");
  await datalink.ids.fill(`# my stars\n${a};Gaia DR3 ${b}\t${c} ${a}\nBetelgeuse, 5.9E18`);
  await expect(page.getByText("3 identifiers", { exact: true })).toBeVisible();
  await expect(page.getByText("Not read: “Betelgeuse”, “5.9E18”.")).toBeVisible();
  await datalink.findLinks.click();
  await expect(datalink.links).toBeVisible();
  const expected = await links(address, [a, b, c].join(","));
  expect(expected.length).toBeGreaterThan(3);
  expect(await shown(datalink)).toEqual(expected);
  const row = datalink.links.getByRole("row").nth(1);
  await expect(row).toContainText("#this");
  await expect(row).toContainText("application/x-votable+xml");
});

test("DataLink links: of a range, of a designation's release, and of nothing", async ({ app, page, address }) => {
  const [a, , c] = await having(address, "has_xp_sampled", 3);
  const datalink = new DataLink(page);
  await app.open("#/datalink");
  await datalink.ids.fill(`${a}-${c}`);
  await datalink.findLinks.click();
  await expect(datalink.links).toBeVisible();
  expect(await shown(datalink)).toEqual((await links(address, `${a}-${c}`)).slice(0, 50));
  await datalink.ids.fill("");
  await datalink.findLinks.click();
  await expect(page.getByRole("alert").filter({ hasText: "There is no source to ask for" })).toBeVisible();
});

test("DataLink links: of all rows of a result, and of none that is selected", async ({ app, page, address }) => {
  await app.open();
  const adql = "SELECT TOP 7 source_id, ra FROM gaiadr3.gaia_source WHERE has_rvs = 't' ORDER BY source_id";
  await app.run(adql, "Synchronous");
  await app.expectVerdict("7 rows, complete");
  await app.go("DataLink");
  const datalink = new DataLink(page);
  await page.getByRole("button", { name: "From a result" }).click();
  await page.getByRole("menuitem", { name: /Selected rows/ }).click();
  await expect(page.getByText("No row is selected")).toBeVisible();
  await page.getByRole("button", { name: "From a result" }).click();
  await page.getByRole("menuitem", { name: /All 7 rows/ }).click();
  const ids = (await rows(address, adql)).map(([id]) => id);
  await expect(datalink.ids).toHaveValue(ids.join("\n"));
  await datalink.findLinks.click();
  await expect(datalink.links).toBeVisible();
  expect(await shown(datalink)).toEqual(await links(address, ids.join(",")));
});

test("DataLink links: of the selected rows of a result", async ({ app, page, address }) => {
  await app.open("#/query");
  const adql = "SELECT TOP 9 source_id, phot_g_mean_mag FROM gaiadr3.gaia_source WHERE has_rvs = 't' ORDER BY source_id";
  await app.run(adql, "Synchronous");
  await app.expectVerdict("9 rows, complete");
  const ids = (await rows(address, adql)).map(([id]) => id);
  await app.go("Results");
  // By keyboard: the second and the fourth row.
  for (const at of [1, 3]) {
    await app.row(at + 2).getByRole("gridcell").first().click();
    await page.keyboard.press("Space");
  }
  await app.expectVerdict("2 rows selected");
  await app.go("DataLink");
  const datalink = new DataLink(page);
  await page.getByRole("button", { name: "From a result" }).click();
  await page.getByRole("menuitem", { name: /Selected rows/ }).click();
  await expect(datalink.ids).toHaveValue([ids[1], ids[3]].join("\n"));
});

test("DataLink links: identifiers and what is wanted outlive another view and a reload", async ({ app, page }) => {
  const datalink = new DataLink(page);
  await app.open("#/datalink");
  await datalink.ids.fill("5937083312263887616\nGaia DR3 7");
  await datalink.types("RVS", "MCMC_MSC");
  await datalink.choose("Format", "csv");
  await app.go("Schema");
  await app.go("DataLink");
  await expect(datalink.ids).toHaveValue("5937083312263887616\nGaia DR3 7");
  await page.reload();
  await expect(datalink.ids).toHaveValue("5937083312263887616\nGaia DR3 7");
  await expect(page.getByText("2 identifiers", { exact: true })).toBeVisible();
  await expect(page.getByRole("group", { name: "Retrieval types" }).getByRole("checkbox", { checked: true })).toHaveCount(2);
  await expect(page.getByRole("combobox", { name: "Format", exact: true })).toHaveValue("csv");
});

test("DataLink links: of a column of a job", async ({ app, page, address }) => {
  const adql = "SELECT TOP 4 source_id FROM gaiadr3.gaia_source WHERE has_mcmc_msc = 't' ORDER BY source_id";
  const made = await fetch(new URL("sandbox/tap-server/tap/async", address), {
    method: "POST",
    body: new URLSearchParams({ REQUEST: "doQuery", LANG: "ADQL", QUERY: adql, PHASE: "RUN" }),
  });
  const job = /\/async\/([^/?]+)/.exec(made.url)![1];
  const phase = async () => (await fetch(new URL(`sandbox/tap-server/tap/async/${job}/phase`, address))).text();
  await expect.poll(phase).toBe("COMPLETED");
  const ids = (await rows(address, adql)).map(([id]) => id);
  const datalink = new DataLink(page);
  await app.open("#/datalink");
  await datalink.ids.fill(`job:${job}.source_id`);
  await expect(page.getByText("1 identifier", { exact: true })).toBeVisible();
  await datalink.findLinks.click();
  await expect(datalink.links).toBeVisible();
  expect(await shown(datalink)).toEqual(await links(address, ids.join(",")));
});

test("DataLink links: a source without link is named, and a product is one click away", async ({ app, page, address }) => {
  const [id] = await having(address, "has_rvs", 1);
  const datalink = new DataLink(page);
  await app.open(`#/datalink?v=1&id=${id},7`);
  await expect(datalink.ids).toHaveValue(`${id},7`);
  await datalink.findLinks.click();
  await page.getByText("1 source has no link").click();
  await expect(page.getByText("7", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: `Fetch RVS of Gaia DR3 ${id}` }).click();
  await datalink.expectAccount("1 got, 0 missing, 0 failed");
  expect(await datalink.lines()).toEqual([`Gaia DR3 ${id} RVS Got`]);
  await datalink.draw("RVS", `Gaia DR3 ${id}`).click();
  await expect(datalink.picture.getByRole("img", { name: /2401 samples/ })).toBeVisible();
});

test("DataLink links: the command that is shown gives the same links", async ({ app, page, address }) => {
  const [id] = await having(address, "has_xp_sampled", 1);
  const datalink = new DataLink(page);
  await app.open("#/datalink");
  await datalink.ids.fill(id);
  await page.getByRole("button", { name: "Show the command" }).click();
  const command = await page.getByLabel("Command", { exact: true }).innerText();
  const folder = await mkdtemp(join(tmpdir(), "parallax-"));
  await promisify(execFile)("sh", ["-c", command], { cwd: folder });
  const document = await readFile(join(folder, "links.vot"), "utf8");
  await rm(folder, { recursive: true });
  expect(linksIn(document)).toEqual(await links(address, id));
  await page.getByRole("tab", { name: "pyVO" }).click();
  await expect(page.getByLabel("Command", { exact: true })).toContainText(id);
});

test.describe("DataLink links: errors", () => {
  test.use({ provoked: [/Failed to load resource/] });

  test("DataLink links: an error in a row is shown in the row", async ({ app, page, address }) => {
    const [id] = await having(address, "has_xp_sampled", 1);
    const datalink = new DataLink(page);
    await app.open("#/datalink");
    await datalink.ids.fill(id);
    await arm(address, "links:errors", "*/datalink/links");
    await datalink.findLinks.click();
    await expect(datalink.links.locator(".error-text").first()).toBeVisible();
    await expect(page.getByRole("button", { name: /^Fetch/ })).toHaveCount(0);
  });

  test("DataLink links: a failure says what happened, what is kept and what to do", async ({ app, page, address }) => {
    const [id] = await having(address, "has_xp_sampled", 1);
    const datalink = new DataLink(page);
    await app.open("#/datalink");
    await datalink.ids.fill(id);
    await arm(address, "status:500", "*/datalink/links");
    await datalink.findLinks.click();
    const alert = page.getByRole("alert").filter({ hasText: "The links did not come" });
    await expect(alert).toContainText("kept");
    await expect(alert).toContainText("find the links again");
    await expect(datalink.ids).toHaveValue(id);
    await datalink.findLinks.click();
    await expect(datalink.links).toBeVisible();
  });
});
