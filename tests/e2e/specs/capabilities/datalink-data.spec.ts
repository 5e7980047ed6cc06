// DataLink data: every product in every format and structure against an independent request; chunks, account, faults, pictures.

import { arm } from "../../fault";
import { DataLink, TYPES } from "../../datalink";
import { expect, test } from "../../fixtures";
import { having, lacking, products, records, unzip } from "../../products";
import { rows } from "../../archive";

const FORMATS = ["votable", "votable_plain", "fits", "csv", "ecsv", "json"];
const STRUCTURES = ["INDIVIDUAL", "RAW", "DATAMODEL_STANDARD", "DATAMODEL_GAIA"];

for (const { name, flag } of TYPES) {
  test(`DataLink data: ${name} in every format and structure`, async ({ app, page, address }) => {
    test.setTimeout(180_000);
    const ids = await having(address, flag, 2);
    const [missing] = await lacking(address, flag, 1);
    const datalink = new DataLink(page);
    await app.open("#/datalink");
    await datalink.ids.fill([...ids, missing].join("\n"));
    await datalink.types(name);
    for (const structure of STRUCTURES) {
      for (const format of FORMATS) {
        await test.step(`${format} ${structure}`, async () => {
          await datalink.choose("Structure", structure);
          await datalink.choose("Format", format);
          await datalink.get("2 got, 1 missing, 0 failed");
          const expected = await products(address, {
            RETRIEVAL_TYPE: name,
            ID: [...ids, missing].join(","),
            FORMAT: format,
            DATA_STRUCTURE: structure,
          });
          const [bundle] = await datalink.saved();
          const files = unzip(bundle);
          expect([...files.keys()].sort()).toEqual([...expected.keys()].sort());
          for (const [file, bytes] of files) expect(bytes.equals(expected.get(file)!), file).toBe(true);
          const lines = [...ids.map((id) => `${id} ${name} Got`), `${missing} ${name} Missing`];
          expect(await datalink.lines()).toEqual(lines);
        });
      }
    }
  });

  test(`DataLink data: ${name} as a table and as a picture`, async ({ app, page, address }) => {
    const [id] = await having(address, flag, 1);
    const [csv] = (await products(address, { RETRIEVAL_TYPE: name, ID: id, FORMAT: "csv" })).values();
    const expected = records(csv);
    const datalink = new DataLink(page);
    await app.open("#/datalink");
    await datalink.ids.fill(id);
    await datalink.types(name);
    for (const structure of ["INDIVIDUAL", "RAW"]) {
      await datalink.choose("Structure", structure);
      await datalink.get("1 got, 0 missing, 0 failed");
      await datalink.draw(name, id).click();
      const picture = datalink.picture.getByRole("img").first();
      await expect(picture).toHaveAttribute("aria-label", new RegExp(id));
      const summary = (await picture.getAttribute("aria-label"))!;
      if (name === "EPOCH_PHOTOMETRY") {
        for (const band of ["G", "BP", "RP"]) {
          const seen = expected.filter((row) => row.band === band && row.mag && row.time);
          expect(summary).toContain(`${band}: ${seen.length} observations`);
        }
      } else if (name === "XP_SAMPLED" || name === "RVS") {
        expect(summary).toContain(`${expected.length} samples`);
      } else if (name === "XP_CONTINUOUS") {
        expect(summary).toContain("BP: 55 coefficients; RP: 55 coefficients");
      } else {
        expect(summary).toContain(`${expected.length} samples`);
      }
    }
    await datalink.choose("Structure", "INDIVIDUAL");
    await datalink.get("1 got, 0 missing, 0 failed");
    await page.getByRole("button", { name: `Open as table: ${name} of ${id}` }).click();
    await app.expectVerdict(`${expected.length.toLocaleString("en-US")} row${expected.length === 1 ? "" : "s"}, complete`);
    await expect(app.grid).toHaveAttribute("aria-rowcount", String(expected.length + 1));
    await app.go("DataLink");
    await expect(datalink.ids).toHaveValue(id);
    await expect(datalink.draw(name, id)).toBeVisible();
  });
}

test("DataLink data: ALL products of a source", async ({ app, page, address }) => {
  const [id] = await having(address, "has_epoch_photometry", 1);
  const expected = await products(address, { RETRIEVAL_TYPE: "ALL", ID: id });
  const datalink = new DataLink(page);
  await app.open("#/datalink");
  await datalink.ids.fill(`Gaia DR3 ${id}`);
  await datalink.types("ALL");
  await datalink.get(`${expected.size} got, 0 missing, 0 failed`);
  const kinds = (await datalink.lines()).map((line) => line.replace(`Gaia DR3 ${id} `, "").replace(" Got", ""));
  expect(kinds.sort()).toEqual([...expected.keys()].map((file) => file.split("-")[0]).sort());
});

test("DataLink data: only valid data, one plain file, an older release", async ({ app, page, address }) => {
  const [id] = await having(address, "has_epoch_photometry", 1);
  const ask = { RETRIEVAL_TYPE: "EPOCH_PHOTOMETRY", ID: id, FORMAT: "csv" };
  const [all] = (await products(address, ask)).values();
  const [valid] = (await products(address, { ...ask, VALID_DATA: "true" })).values();
  expect(records(valid).length).toBeLessThan(records(all).length);
  const datalink = new DataLink(page);
  await app.open("#/datalink");
  await datalink.ids.fill(id);
  await datalink.choose("Format", "csv");
  await page.getByRole("checkbox", { name: "Only valid data of epoch photometry" }).check();
  await page.getByRole("checkbox", { name: "A ZIP even of one file" }).uncheck();
  await datalink.get("1 got, 0 missing, 0 failed");
  const [file] = await datalink.saved();
  expect(file.equals(valid)).toBe(true);
  await datalink.choose("Data release", "Gaia DR2");
  await datalink.get("0 got, 1 missing, 0 failed");
});

test("DataLink data: a type by its name, as the archive knows it", async ({ app, page, address }) => {
  const [id] = await having(address, "has_rvs", 1);
  const datalink = new DataLink(page);
  await app.open("#/datalink");
  await datalink.ids.fill(id);
  await datalink.types();
  await datalink.getProducts.click();
  await expect(page.getByRole("alert").filter({ hasText: "No product is chosen" })).toBeVisible();
  await page.getByLabel("Other types, by name").fill("rvs");
  await datalink.get("1 got, 0 missing, 0 failed");
  expect(await datalink.lines()).toEqual([`${id} RVS Got`]);
});

test("DataLink data: more than 5000 sources go in several requests, and each has its line", async ({ app, page, address }) => {
  const sources: string[][] = [];
  while (sources.length < 5003) {
    // An answer has 2000 rows at most.
    const below = sources.length ? `WHERE source_id < ${sources.at(-1)![0]}` : "";
    sources.push(...(await rows(address, `SELECT TOP 2000 source_id, has_epoch_photometry FROM gaiadr3.gaia_source ${below} ORDER BY source_id DESC`)));
  }
  sources.length = 5003;
  const expected = sources.filter(([, has]) => /^t/i.test(has)).length;
  expect(expected).toBeGreaterThan(0);
  const asked: number[] = [];
  await page.route("**/data-server/data*", async (route) => {
    const form = new URLSearchParams(route.request().postData() ?? new URL(route.request().url()).search);
    asked.push(form.get("ID")!.split(",").length);
    await route.continue();
  });
  const datalink = new DataLink(page);
  await app.open("#/datalink");
  await datalink.paste(sources.map(([id]) => id).join("\n"));
  await expect(page.getByText("5,003 identifiers, in 2 requests")).toBeVisible();
  await datalink.get(`${expected.toLocaleString("en-US")} got, ${(5003 - expected).toLocaleString("en-US")} missing, 0 failed`);
  expect(asked).toEqual([5000, 3]);
  await expect(page.getByText("1 to 50 of 5,003")).toBeVisible();
  expect((await datalink.lines()).length).toBe(50);
  await page.getByRole("button", { name: "Next" }).click();
  await expect(page.getByText("51 to 100 of 5,003")).toBeVisible();
});

test.describe("DataLink data: faults", () => {
  test.use({ provoked: [/Failed to load resource/, /net::ERR_/] });

  test("DataLink data: what failed is retried, and only that", async ({ app, page, address }) => {
    const ids = await having(address, "has_rvs", 2);
    const datalink = new DataLink(page);
    await app.open("#/datalink");
    await datalink.ids.fill(ids.join(" "));
    await datalink.types("RVS", "XP_SAMPLED");
    await arm(address, "status:500", "*/data-server/data");
    await datalink.get("2 got, 0 missing, 2 failed");
    await page.getByRole("radio", { name: "Failed 2" }).check({ force: true });
    expect(await datalink.lines()).toEqual(ids.map((id) => `${id} RVS Failed`));
    const again = page.waitForRequest(/data-server\/data/);
    await page.getByRole("button", { name: "Retry the failed" }).click();
    const request = await again;
    expect(request.postData() ?? request.url()).toContain("RETRIEVAL_TYPE=RVS");
    await datalink.expectAccount("4 got, 0 missing, 0 failed");
    await expect(page.getByRole("button", { name: "Retry the failed" })).toHaveCount(0);
  });

  test("DataLink data: of a bundle that breaks off the whole files are kept, the others retried", async ({ app, page, address }) => {
    const ids = await having(address, "has_rvs", 6);
    const datalink = new DataLink(page);
    await app.open("#/datalink");
    await datalink.ids.fill(ids.join(" "));
    await datalink.types("RVS");
    await arm(address, "cut-chunked:60000", "*/data-server/data");
    await datalink.get(/[1-5] got, 0 missing, [1-5] failed/);
    const kept = (await datalink.lines()).filter((line) => line.endsWith("Got")).length;
    const again = page.waitForRequest(/data-server\/data/);
    await page.getByRole("button", { name: "Retry the failed" }).click();
    const request = await again;
    const form = new URLSearchParams(request.postData() ?? new URL(request.url()).search);
    expect(form.get("ID")!.split(",")).toEqual(ids.slice(kept));
    await datalink.expectAccount("6 got, 0 missing, 0 failed");
    const found = (await datalink.saved(2)).flatMap((bundle) => [...bundle.toString("latin1").matchAll(/RVS-Gaia DR3 (\d+)/g)].map(([, id]) => id));
    expect([...new Set(found)].sort()).toEqual([...ids].sort());
  });

  test("DataLink data: fetching is cancelled, and goes on when one wants", async ({ app, page, address }) => {
    const ids = await having(address, "has_rvs", 1);
    const datalink = new DataLink(page);
    await app.open("#/datalink");
    await datalink.ids.fill(ids.join(" "));
    await datalink.types("RVS", "XP_SAMPLED");
    await arm(address, "silence", "*/data-server/data");
    await datalink.getProducts.click();
    await expect(page.getByText("Request 1 of 2")).toBeVisible();
    await app.cancelButton.click();
    await datalink.expectAccount("0 got, 0 missing, 2 failed");
    await page.getByRole("button", { name: "Retry the failed" }).click();
    await datalink.expectAccount("2 got, 0 missing, 0 failed");
  });

  test("DataLink data: a page in place of products is told as such", async ({ app, page, address }) => {
    const [id] = await having(address, "has_rvs", 1);
    const datalink = new DataLink(page);
    await app.open("#/datalink");
    await datalink.ids.fill(id);
    await datalink.types("RVS");
    await arm(address, "html", "*/data-server/data");
    await datalink.get("0 got, 0 missing, 1 failed");
    await expect(datalink.account).toContainText(/maintenance/i);
  });
});

test("DataLink data: a light curve is folded by a period that is searched for, or typed", async ({ app, page, address }) => {
  const adql = "SELECT TOP 1 source_id, pf FROM gaiadr3.vari_rrlyrae WHERE pf IS NOT NULL ORDER BY num_clean_epochs_g DESC";
  const [[id, period]] = await rows(address, adql);
  const datalink = new DataLink(page);
  await app.open("#/datalink");
  await datalink.ids.fill(id);
  await datalink.get("1 got, 0 missing, 0 failed");
  await datalink.draw("EPOCH_PHOTOMETRY", id).click();
  await page.getByLabel("from (days)").fill("0.2");
  await page.getByLabel("to (days)").fill("1.2");
  await page.getByRole("button", { name: "Search for the period" }).click();
  await expect(page.getByLabel("Fold by period (days)")).not.toHaveValue("", { timeout: 30_000 });
  expect(Number(await page.getByLabel("Fold by period (days)").inputValue())).toBeCloseTo(Number(period), 3);
  await expect(datalink.picture.getByRole("img")).toHaveAttribute("aria-label", /folded by/);
  await page.getByLabel("Fold by period (days)").fill("soon");
  await expect(datalink.picture.getByRole("alert")).toContainText("“soon” is not a period");
  await page.getByLabel("Fold by period (days)").fill("");
  await expect(datalink.picture.getByRole("img")).not.toHaveAttribute("aria-label", /folded by/);
  const crosses = datalink.picture.locator(".series-crosses");
  const before = await crosses.count();
  await page.getByRole("checkbox", { name: "Rejected observations (crosses)" }).uncheck();
  await expect(crosses).toHaveCount(0);
  expect(before).toBeGreaterThan(0);
});

test("DataLink data: spectra of several sources over one another, saved as SVG and PNG", async ({ app, page, address }) => {
  const ids = await having(address, "has_xp_sampled", 3);
  const datalink = new DataLink(page);
  await app.open("#/datalink");
  await datalink.ids.fill(ids.join(","));
  await datalink.types("XP_SAMPLED");
  await datalink.get("3 got, 0 missing, 0 failed");
  for (const id of ids) await page.getByRole("checkbox", { name: `Overlay XP_SAMPLED of ${id}` }).check();
  await expect(datalink.picture.getByRole("img")).toHaveAttribute("aria-label", /Spectra of 3 sources/);
  await expect(datalink.picture.getByRole("list", { name: "Series" }).getByRole("listitem")).toHaveText(ids);
  await expect(datalink.picture.locator(".series-area")).toHaveCount(3);
  for (const [format, begins] of [
    ["SVG", "<svg"],
    ["PNG", "\x89PNG"],
  ]) {
    const download = page.waitForEvent("download");
    await datalink.picture.getByRole("button", { name: /^Save Spectra/ }).click();
    await page.getByRole("menuitem", { name: format }).click();
    const path = await (await download).path();
    const bytes = await import("node:fs/promises").then(({ readFile }) => readFile(path));
    expect(bytes.toString("latin1").startsWith(begins)).toBe(true);
  }
});

test("DataLink data: samples as histograms and in pairs", async ({ app, page, address }) => {
  const [id] = await having(address, "has_mcmc_gspphot", 1);
  const [csv] = (await products(address, { RETRIEVAL_TYPE: "MCMC_GSPPHOT", ID: id, FORMAT: "csv" })).values();
  const values = records(csv).map((row) => Number(row.teff)).sort((a, b) => a - b);
  const middle = (values[Math.floor((values.length - 1) / 2)] + values[Math.ceil((values.length - 1) / 2)]) / 2;
  const datalink = new DataLink(page);
  await app.open("#/datalink");
  await datalink.ids.fill(id);
  await datalink.types("MCMC_GSPPHOT");
  await datalink.get("1 got, 0 missing, 0 failed");
  await datalink.draw("MCMC_GSPPHOT", id).click();
  const teff = datalink.picture.getByRole("img", { name: /Histogram of teff/ });
  const median = /median ([\d.]+) K/.exec((await teff.getAttribute("aria-label"))!)![1];
  expect(Math.abs(Number(median) - middle)).toBeLessThan(1);
  for (const name of ["teff", "logg"]) await page.getByRole("checkbox", { name, exact: true }).check();
  await expect(datalink.picture.getByRole("img", { name: /logg against teff/ })).toBeVisible();
  await expect(datalink.picture.getByRole("img")).toHaveCount(1);
});

test("DataLink data: the command that is shown names the request", async ({ app, page, address }) => {
  const [id] = await having(address, "has_rvs", 1);
  const datalink = new DataLink(page);
  await app.open("#/datalink");
  await datalink.ids.fill(id);
  await page.getByRole("tab", { name: "Products" }).click();
  await page.getByRole("button", { name: "Show the command" }).click();
  await expect(page.getByLabel("Command", { exact: true })).toContainText("/data-server/data");
  await page.getByRole("tab", { name: "astroquery" }).click();
  await expect(page.getByLabel("Command", { exact: true })).toContainText("load_data");
});
