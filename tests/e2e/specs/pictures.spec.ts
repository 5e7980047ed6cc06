// Pictures, selection, statistics and rows of a result: each number that the page says is held against the archive's own.

import AxeBuilder from "@axe-core/playwright";
import type { Download, Locator, Page } from "@playwright/test";

import type { App } from "../app";
import { rows } from "../archive";
import { expect, test } from "../fixtures";

const COLUMNS = "source_id, designation, ra, dec, parallax, pmra, pmdec, phot_g_mean_mag, bp_rp";
const FROM = "FROM gaiadr3.gaia_source WHERE parallax > 2";

/** The first number of the archive's answer. */
async function count(address: string, condition: string): Promise<number> {
  return Number((await rows(address, `SELECT COUNT(*) ${FROM} AND ${condition}`))[0][0]);
}

const words = (number: number) => `${number.toLocaleString("en-US")} ${number === 1 ? "row" : "rows"} selected`;

/** A result on the whole page, table and picture beside each other. */
async function open(app: App, page: Page) {
  await app.open();
  await app.run(`SELECT ${COLUMNS} ${FROM}`, "Asynchronous");
  await app.expectVerdict(/rows, complete/, 60_000);
  await app.go("Results");
  await drawn(page, /drawn/);
}

function picture(page: Page): Locator {
  return page.getByRole("application");
}

async function drawn(page: Page, what: RegExp) {
  await expect(page.getByRole("status").filter({ hasText: what })).toBeVisible({ timeout: 20_000 });
}

async function preset(page: Page, title: string) {
  await page.getByRole("button", { name: "Ready-made" }).click();
  await page.getByRole("menuitem", { name: title }).click();
}

/** Types the ranges that are seen. */
async function look(page: Page, x: [number, number], y: [number, number]) {
  const details = page.getByText("Ranges and condition");
  if (!(await page.getByLabel("x from").isVisible())) await details.click();
  for (const [label, value] of [["x from", x[0]], ["x to", x[1]], ["y from", y[0]], ["y to", y[1]]] as const) {
    await page.getByLabel(label).fill(String(value));
    await page.getByLabel(label).press("Enter");
    await expect(page.getByLabel(label)).toHaveValue(String(value));
  }
}

async function bytes(download: Download): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of await download.createReadStream()) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

test("ready-made pictures are offered where the columns are there, and say what they show", async ({ app, page, address }) => {
  await open(app, page);
  await expect(picture(page)).toHaveAccessibleName(/phot_g_mean_mag \[mag\] from .* against bp_rp/);
  const without = await count(address, "(bp_rp IS NULL OR phot_g_mean_mag IS NULL)");
  const all = await count(address, "1 = 1");
  await drawn(page, new RegExp(`${without.toLocaleString("en-US")} without a value`));

  await preset(page, "Sky, equatorial");
  await expect(picture(page)).toHaveAccessibleName(/Map of the sky, ra \[deg\] and dec/);
  await drawn(page, new RegExp(`^${all.toLocaleString("en-US")} drawn`));
  await preset(page, "Proper motions");
  await expect(picture(page)).toHaveAccessibleName(/pmdec .* against pmra/);
  await preset(page, "Hertzsprung–Russell diagram");
  await expect(page.getByRole("textbox", { name: "y", exact: true }).or(page.getByRole("combobox", { name: "y", exact: true })))
    .toHaveValue("phot_g_mean_mag + 5 * log10(parallax) - 10");
  await page.getByRole("radio", { name: "Histogram" }).check();
  await expect(picture(page)).toHaveAccessibleName(/^Histogram of bp_rp/);
});

test("what is typed as a range and selected is what the archive counts", async ({ app, page, address }) => {
  await open(app, page);
  await preset(page, "Color–magnitude diagram");
  await look(page, [0.5, 1.5], [8, 16]);
  await page.getByRole("button", { name: "Select in view" }).click();
  const expected = await count(address, "bp_rp BETWEEN 0.5 AND 1.5 AND phot_g_mean_mag BETWEEN 8 AND 16");
  expect(expected).toBeGreaterThan(10);
  await app.expectVerdict(words(expected));
  // Lit in the picture, and alone in the grid if wished.
  await drawn(page, new RegExp(`${expected.toLocaleString("en-US")} of them selected`));
  await page.getByLabel("Show only selected").check();
  await expect(app.grid).toHaveAttribute("aria-rowcount", String(expected + 1));
  await expect(app.row(2)).toHaveAttribute("aria-selected", "true");

  await page.getByLabel("What a choice does").selectOption("Remove from the selection");
  await page.getByRole("textbox", { name: "Where" }).or(page.getByRole("combobox", { name: "Where" })).fill("parallax > 5");
  await page.getByRole("button", { name: "Select where" }).click();
  const rest = await count(address, "bp_rp BETWEEN 0.5 AND 1.5 AND phot_g_mean_mag BETWEEN 8 AND 16 AND parallax <= 5");
  await app.expectVerdict(words(rest));
  await expect(app.grid).toHaveAttribute("aria-rowcount", String(rest + 1));

  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save selected" }).click();
  await page.getByRole("menuitem", { name: "CSV", exact: true }).click();
  const saved = (await bytes(await saving)).toString().trim().split("\n");
  expect(saved.length).toBe(rest + 1);

  await page.getByRole("button", { name: "Clear selection" }).click();
  await expect(page.getByText("No rows selected.")).toBeVisible();
  await expect(app.row(2)).toHaveAttribute("aria-selected", "false");
});

test("a rectangle drawn by hand selects the rows in it, and a shifted one adds", async ({ app, page, address }) => {
  await open(app, page);
  await preset(page, "Color–magnitude diagram");
  await look(page, [0, 3], [5, 20]);
  await page.getByRole("radio", { name: "Select", exact: true }).check();
  await expect(page.locator(".picture-points")).toHaveCSS("transform", /matrix\(1, 0, 0, 1, 0, 0\)|none/);
  const box = (await picture(page).boundingBox())!;
  /** Drags over parts of the picture, and says what they are in values. */
  const drag = async (left: number, top: number, right: number, bottom: number) => {
    const [x0, x1] = [left, right].map((part) => Math.floor(box.x + part * box.width));
    const [y0, y1] = [top, bottom].map((part) => Math.floor(box.y + part * box.height));
    await page.mouse.move(x0, y0);
    await page.mouse.down();
    await page.mouse.move((x0 + x1) / 2, (y0 + y1) / 2);
    await page.mouse.move(x1, y1);
    await page.mouse.up();
    const color = (x: number) => (3 * (x - box.x)) / box.width;
    const magnitude = (y: number) => 5 + (15 * (y - box.y)) / box.height;
    return `(bp_rp BETWEEN ${color(x0)} AND ${color(x1)} AND phot_g_mean_mag BETWEEN ${magnitude(y0)} AND ${magnitude(y1)})`;
  };
  const first = await drag(0.1, 0.2, 0.5, 0.6);
  const one = await count(address, first);
  expect(one).toBeGreaterThan(5);
  await app.expectVerdict(words(one));
  await page.keyboard.down("Shift");
  const second = await drag(0.6, 0.5, 0.9, 0.9);
  await page.keyboard.up("Shift");
  const both = await count(address, `(${first} OR ${second})`);
  expect(both).toBeGreaterThan(one);
  await app.expectVerdict(words(both));
});

test("wheel and drag zoom and move", async ({ app, page }) => {
  await open(app, page);
  await preset(page, "Color–magnitude diagram");
  await look(page, [0, 3], [5, 20]);
  const box = (await picture(page).boundingBox())!;
  const range = async () => [await page.getByLabel("x from").inputValue(), await page.getByLabel("x to").inputValue()].map(Number);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.wheel(0, -200);
  await expect.poll(async () => (await range())[1] - (await range())[0]).toBeLessThan(2.9);
  const [from, to] = await range();
  expect((from + to) / 2).toBeCloseTo(1.5, 1);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 4, box.y + box.height / 2, { steps: 4 });
  await page.mouse.up();
  await expect.poll(async () => (await range())[0] - from).toBeCloseTo((to - from) / 4, 1);
  await page.getByRole("button", { name: "Whole" }).click();
  await expect.poll(async () => (await range())[1]).toBeGreaterThan(3);
});

test("statistics are those of the archive", async ({ app, page, address }) => {
  await open(app, page);
  await page.getByRole("tab", { name: "Statistics" }).click();
  await page.getByRole("button", { name: "Count all rows" }).click();
  const table = page.getByRole("region", { name: "Statistics of the columns" });
  for (const column of ["phot_g_mean_mag", "bp_rp", "pmra"]) {
    const row = table.getByRole("row").filter({ has: page.getByRole("rowheader", { name: new RegExp(`^${column} `) }) });
    await expect(row.getByRole("cell")).toHaveCount(11, { timeout: 20_000 });
    const cells = await row.getByRole("cell").allInnerTexts();
    const numbers = cells.slice(0, 10).map((text) => Number(text.replaceAll(",", "")));
    const wanted = `COUNT(${column}), COUNT(*) - COUNT(${column}), MIN(${column}), MAX(${column}), AVG(${column}), COUNT(DISTINCT ${column})`;
    const [filled, nulls, least, greatest, mean, distinct] = (await rows(address, `SELECT ${wanted} ${FROM}`))[0].map(Number);
    expect(numbers.slice(0, 2)).toEqual([filled, nulls]);
    expect(Math.fround(numbers[2])).toBe(Math.fround(least));
    expect(Math.fround(numbers[3])).toBe(Math.fround(greatest));
    expect(Math.abs(numbers[4] - mean)).toBeLessThan(1e-5 * Math.max(1, Math.abs(mean)));
    expect(numbers[9]).toBe(distinct);
    const below = await count(address, `${column} <= ${numbers[7] + 1e-4}`);
    expect(below / filled).toBeGreaterThanOrEqual(0.5);
  }
  await expect(table.getByRole("rowheader", { name: "source_id" })).toBeVisible();
});

test("a picture is saved as SVG and as PNG, with axes and title", async ({ app, page }) => {
  await open(app, page);
  for (const kind of ["Scatter", "Sky", "Histogram"]) {
    await page.getByRole("radio", { name: kind }).check();
    await drawn(page, /drawn/);
    for (const format of ["SVG", "PNG"]) {
      const saving = page.waitForEvent("download");
      await page.getByRole("button", { name: "Save picture" }).click();
      await page.getByRole("menuitem", { name: format }).click();
      const file = await saving;
      expect(file.suggestedFilename()).toMatch(new RegExp(`-${kind.toLowerCase()}\\.${format.toLowerCase()}$`));
      const content = await bytes(file);
      if (format === "SVG") {
        const text = content.toString();
        expect(text).toMatch(/^<svg [^]*<title>SELECT[^]*<\/svg>\n$/);
        expect(text).toContain({ Scatter: "bp_rp [mag]", Sky: "180°", Histogram: "bp_rp [mag]" }[kind]!);
        expect(text.includes("data:image/png;base64,")).toBe(kind !== "Histogram");
      } else {
        expect(content.subarray(1, 4).toString()).toBe("PNG");
        const box = (await picture(page).boundingBox())!;
        expect(content.readUInt32BE(16)).toBeGreaterThan(2 * box.width);
        expect(content.readUInt32BE(20)).toBeGreaterThan(2 * box.height);
      }
    }
  }
});

test("a mistake in an expression is marked at its place, and mended by one click", async ({ app, page }) => {
  await open(app, page);
  const color = page.getByLabel("Color by");
  await color.fill("parallax + phot_g_mean_mg");
  await color.press("Enter");
  const alert = page.getByRole("alert").filter({ hasText: "no column" });
  await expect(alert.locator("mark")).toHaveText("phot_g_mean_mg");
  await alert.getByRole("button", { name: "Use phot_g_mean_mag" }).click();
  await expect(color).toHaveValue("parallax + phot_g_mean_mag");
  await expect(page.getByRole("img", { name: /Colors show parallax \+ phot_g_mean_mag/ })).toBeVisible();
});

test("with keys alone: zoom, select, clear, mark rows, read one, go to its links", async ({ app, page, address }) => {
  await open(app, page);
  await page.getByRole("radio", { name: "Scatter" }).focus();
  await picture(page).focus();
  const before = await picture(page).getAttribute("aria-label");
  await page.keyboard.press("+");
  await page.keyboard.press("+");
  await page.keyboard.press("ArrowUp");
  await expect(picture(page)).not.toHaveAttribute("aria-label", before!);
  await page.keyboard.press("Enter");
  await app.expectVerdict(/[1-9][\d,]* rows? selected/);
  await page.keyboard.press("Escape");
  await expect(page.getByText("No rows selected.")).toBeVisible();

  await app.grid.getByRole("gridcell").first().focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  await app.expectVerdict("2 rows selected");
  await page.keyboard.press("PageDown");
  await page.keyboard.press("Shift+Space");
  await app.expectVerdict(/^\d\d rows selected/);
  await page.keyboard.press("PageUp");
  await page.keyboard.press("Shift+Space");
  await expect(app.row(5), "with Shift the rows between are marked").toHaveAttribute("aria-selected", "true");
  await expect(app.row(2)).toHaveAttribute("aria-selected", "true");
  await expect(app.row(3)).toHaveAttribute("aria-selected", "false");

  await page.keyboard.press("Enter");
  const detail = page.getByRole("region", { name: "Row details" });
  await expect(detail.getByRole("heading", { name: "Row 3" })).toBeFocused();
  const id = (await app.cells(4))[0];
  const [[g]] = await rows(address, `SELECT phot_g_mean_mag FROM gaiadr3.gaia_source WHERE source_id = ${id}`);
  const value = detail.getByRole("row", { name: /^phot_g_mean_mag/ });
  await expect(value).toContainText("mag");
  expect(Math.fround(Number((await value.getByRole("cell").first().innerText()).split(" ")[0]))).toBe(Math.fround(Number(g)));
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(detail.getByRole("heading", { name: "Row 2" })).toBeVisible();
  await expect(detail.getByRole("link", { name: "Find its links in DataLink" })).toHaveAttribute("href", /datalink\?.*id=Gaia%20DR3/);
  await page.keyboard.press("Escape");
  await expect(detail).toBeHidden();
  await expect(app.row(4).getByRole("gridcell").first()).toBeFocused();
});

test("a point that is clicked says all of its row", async ({ app, page }) => {
  await open(app, page);
  await preset(page, "Color–magnitude diagram");
  const [color, magnitude] = [8, 7].map((column) => app.row(2).getByRole("gridcell").nth(column));
  await expect(app.row(2)).toBeVisible();
  const near = [Number(await color.innerText()), Number(await magnitude.innerText())];
  expect(near[0], "the first row has a color").not.toBeNaN();
  await look(page, [near[0] - 0.01, near[0] + 0.01].map((n) => Number(n.toFixed(4))) as [number, number], [near[1] - 0.01, near[1] + 0.01].map((n) => Number(n.toFixed(4))) as [number, number]);
  await app.grid.evaluate((grid) => grid.scrollTo(0, grid.scrollHeight));
  await expect(app.row(2)).toHaveCount(0);
  const box = (await picture(page).boundingBox())!;
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  const detail = page.getByRole("region", { name: "Row details" });
  await expect(detail.getByRole("row", { name: /^bp_rp/ })).toContainText(String(near[0]).slice(0, 5));
  const place = Number((await detail.getByRole("heading").innerText()).replace(/\D/g, ""));
  await expect(app.row(place + 1), "the grid shows the row too").toHaveClass(/current/);
});

test("at 390 pixels table, picture and statistics are tabs", async ({ app, page }) => {
  await open(app, page);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole("tab", { name: "Picture" }).click();
  await expect(picture(page)).toBeVisible();
  await page.getByRole("tab", { name: "Table" }).click();
  await expect(app.grid).toBeVisible();
  await expect(picture(page)).toBeHidden();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [1280, 390]) {
    test(`axe finds nothing in pictures, statistics and a row, ${colorScheme}, ${width} px`, async ({ app, page }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await open(app, page);
      await page.setViewportSize({ width, height: 800 });
      const check = async (what: string) => {
        await page.waitForTimeout(300);
        const { violations } = await new AxeBuilder({ page }).analyze();
        const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${what}: ${id}: ${node.target} ${node.failureSummary}`));
        expect(found).toEqual([]);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(overflow, `${what} is wider than the window`).toBeLessThanOrEqual(0);
      };
      await page.getByRole("tab", { name: "Picture" }).click();
      await page.getByText("Ranges and condition").click();
      await page.getByRole("button", { name: "Select in view" }).click();
      await app.expectVerdict(/rows selected/);
      await check("Scatter");
      for (const kind of ["Density", "Sky", "Histogram"]) {
        await page.getByRole("radio", { name: kind }).check();
        await check(kind);
      }
      await page.getByRole("tab", { name: "Statistics" }).click();
      await page.getByRole("button", { name: "Count all rows" }).click();
      await expect(page.getByRole("rowheader", { name: /^bp_rp/ })).toBeVisible();
      await page.getByRole("button", { name: "Row details" }).click();
      await expect(page.getByRole("heading", { name: "Row 1" })).toBeVisible();
      await check("Statistics and a row");
    });
  }
}
