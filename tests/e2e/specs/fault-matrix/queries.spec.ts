// The rows of the fault matrix that concern queries and their results, and what all error states have in common.

import { readFileSync } from "node:fs";

import { type Mode } from "../../app";
import { arm } from "../../fault";
import { AGAIN, CREATE, EDITOR, MODES, panel, SYNC, test } from "../../fault_stage";
import { expect } from "../../fixtures";
import { Keyboard } from "../../keyboard";
import { expectAccessible, expectMessage } from "../../oracles";

type Refusal = { row: string; what: string; fault: string; happened: RegExp; next: RegExp; modes?: Mode[] };

/** Faults that stand in the place of the answer to a query. */
const REFUSALS: Refusal[] = [
  { row: "F12", what: "a maintenance page", fault: "html", happened: /web page.*maintenance/s, next: /later/ },
  { row: "F13", what: "200 with an error", fault: "error", happened: /Cannot parse query/, next: AGAIN },
  { row: "F15", what: "an error in the ADQL", fault: "status:400", happened: /Cannot parse query/, next: AGAIN },
  { row: "F17", what: "403 for somebody who is not signed in", fault: "status:403", happened: /not allow you|not authorized/, next: /Sign in as|ask the owner/i },
  { row: "F18", what: "404 for the service", fault: "status:404", happened: /Not Found/, next: /available/ },
  { row: "F19", what: "413", fault: "status:413", happened: /limit exceeded.*bytes went along/s, next: /fewer rows or columns/ },
  { row: "F21", what: "500 with a stack trace and a session", fault: "leak", happened: /The products cannot be retrieved/, next: /in a moment/ },
  { row: "F21", what: "500 without a word", fault: "status:500", happened: /HTTP 500 without a message/, next: /in a moment/ },
  { row: "F32", what: "entities that grow", fault: "xml-bomb", happened: /no table.*entity/s, next: /damaged/, modes: ["Synchronous"] },
  { row: "F32", what: "an entity that is a file", fault: "xxe", happened: /no table.*entity/s, next: /damaged/, modes: ["Synchronous"] },
  { row: "F32", what: "elements 100,000 deep", fault: "deep:100000", happened: /depth of elements exceeds the limit/, next: /damaged/, modes: ["Synchronous"] },
  { row: "F32", what: "a million attributes", fault: "attributes:1000000", happened: /attributes exceeds the limit/, next: /damaged/, modes: ["Synchronous"] },
  { row: "F33", what: "a column of arrays of 10⁹ elements", fault: "arraysize:1000000000", happened: /arraysize exceeds the limit/, next: /damaged/, modes: ["Synchronous"] },
  { row: "F47", what: "rows", fault: "quota:rows", happened: /quota/, next: /Delete jobs or tables/ },
  { row: "F47", what: "space for tables", fault: "quota:tables", happened: /quota exceeded/, next: /Delete jobs or tables/ },
  { row: "F47", what: "space for jobs", fault: "quota:jobs", happened: /quota exceeded/, next: /Delete jobs or tables/ },
];

for (const { row, what, fault, happened, next, modes } of REFUSALS) {
  for (const mode of modes ?? MODES) {
    test(`${row} ${what}, ${mode.toLowerCase()}`, async ({ app, page, address }) => {
      await arm(address, fault, mode === "Synchronous" ? SYNC : CREATE);
      await app.mode(mode);
      await app.runButton.click();
      await expectMessage(panel(page), { happened, kept: EDITOR, next });
    });
  }
}

for (const mode of MODES) {
  test(`F15 the place of an error is marked, ${mode.toLowerCase()}`, async ({ app, address }) => {
    await arm(address, "status:400", mode === "Synchronous" ? SYNC : CREATE);
    await app.mode(mode);
    await app.runButton.click();
    await expect(app.marked.first()).toBeVisible();
  });
}

test("F12 nothing of the page is run or shown as markup", async ({ app, page, address }) => {
  await arm(address, "html", SYNC);
  await app.mode("Synchronous");
  await app.runButton.click();
  await expect(panel(page)).toContainText("maintenance");
  expect(await page.title()).not.toContain("must not run");
  await expect(page.getByRole("heading", { name: "The archive is down for maintenance" })).toHaveCount(0);
});

test("F13 an error after the rows", async ({ app, page, address }) => {
  await arm(address, "error-after", SYNC);
  await app.mode("Synchronous");
  await app.runButton.click();
  await app.expectVerdict("300 rows, partial");
  const remark = page.getByText(/Rows are missing/).locator("..");
  await expectMessage(remark, { happened: /The database went away/, kept: /are below and can be saved/, next: /Run the query again/ });
});

test("F14 a truncated result says so, also in its files", async ({ app, page, address }) => {
  await arm(address, "overflow", SYNC);
  await app.mode("Synchronous");
  await app.runButton.click();
  await app.expectVerdict("300 rows, overflow");
  const remark = page.getByText(/Not all rows/).locator("..");
  await expectMessage(remark, { happened: /cut at 300 rows/, kept: /are below; saved files say/, next: /A job gets more/ });
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download" }).click();
  await page.getByRole("menuitem", { name: "VOTable (TABLEDATA)" }).click();
  const file = await saving;
  expect(file.suggestedFilename()).toMatch(/overflow-300-rows/);
  expect(readFileSync(await file.path(), "utf8")).toMatch(/QUERY_STATUS"? value="OVERFLOW"|OVERFLOW/);
});

for (const mode of MODES) {
  test(`F16 401 opens the dialog for signing in, ${mode.toLowerCase()}`, async ({ app, page, address }) => {
    await arm(address, "status:401", mode === "Synchronous" ? SYNC : CREATE);
    await app.mode(mode);
    await app.runButton.click();
    await expect(page.getByRole("dialog", { name: "Sign in" })).toBeVisible();
    await app.fillSignIn("demo", "demo");
    await expect(app.signOutButton).toBeVisible();
    await expectMessage(panel(page), { happened: /Authentication needed/, kept: EDITOR, next: /Sign in, and run it again/ });
    await app.runButton.click();
    await app.expectVerdict("300 rows, complete");
    await app.signOut();
  });
}

test("F19 the files stay attached", async ({ app, page, address }) => {
  await app.attach("mine.csv", "text/csv", "a,b\n1,2\n");
  const files = page.getByRole("list", { name: "Attached tables" });
  await expect(files.getByText("1 rows, 2 columns")).toBeVisible();
  await arm(address, "status:413", SYNC);
  await app.mode("Synchronous");
  await app.runButton.click();
  await expectMessage(panel(page), {
    happened: /takes less than was sent.*[\d,]+ bytes went along; the archive takes [\d,]+/s,
    kept: EDITOR,
    next: /files are still attached/,
  });
  await expect(files.getByText("1 rows, 2 columns")).toBeVisible();
});

test("F20 a synchronous query counts the seconds down", async ({ app, page, address }) => {
  await arm(address, "status:429,retry:120", SYNC);
  await app.mode("Synchronous");
  await app.runButton.click();
  await expectMessage(panel(page), { happened: /busy or down/, kept: EDITOR, next: /It asks you to wait (2 min 00|1 min 5\d) s/ });
  await expect(panel(page)).toContainText(/1 min 5[0-7] s/);
  await expect(panel(page)).toContainText(/Run it again after a while/);
});

test("F33 a table of 5000 columns", async ({ app, page, address }) => {
  await arm(address, "columns:5000", SYNC);
  await app.mode("Synchronous");
  await app.runButton.click();
  const remark = page.getByText(/Rows are missing/).locator("..");
  await expectMessage(remark, { happened: /number of columns exceeds the limit/, kept: /are below/, next: /Run the query again/ });
});

test("F33 a table that announces more rows than come", async ({ app, page, address }) => {
  await arm(address, "nrows:999999", SYNC);
  await app.mode("Synchronous");
  await app.runButton.click();
  await app.expectVerdict("300 rows, partial");
  const remark = page.getByText(/Rows are missing/).locator("..");
  await expectMessage(remark, { happened: /announces 999999 rows/, kept: /are below/, next: /Run the query again/ });
});

test("F34 the largest numbers keep every digit, also in a file", async ({ app, page, address }) => {
  const ids = ["9223372036854775807", "-9223372036854775808", "4611686018427387905", "9007199254740993"];
  await arm(address, "extremes", SYNC);
  await app.mode("Synchronous");
  await app.runButton.click();
  await app.expectVerdict("5 rows, complete");
  for (const id of ids) await expect(app.grid.getByText(id, { exact: true })).toBeVisible();
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download" }).click();
  await page.getByRole("menuitem", { name: "CSV", exact: true }).click();
  const csv = readFileSync(await (await saving).path(), "utf8");
  expect(csv.trim().split(/\r?\n/).slice(1, 5).map((line) => line.split(",")[0])).toEqual(ids);
  for (const value of ["inf", "1.7976931348623157e308", "5e-324", "2147483647", "-2147483648"]) {
    expect(csv.toLowerCase()).toContain(value);
  }
});

for (const [what, fault, happened, next] of [
  ["the connection breaks", "upload-reset:200", /The connection to .* failed/, /Check the connection/],
  ["its name is taken", "upload-refused:clash", /already exists/, AGAIN],
  ["a column has a bad name", "upload-refused:column", /Invalid column name/, AGAIN],
] as const) {
  test(`F48 a table that goes along with a query: ${what}`, async ({ app, page, address }) => {
    await app.attach("mine.csv", "text/csv", `a,b\n${"1,2\n".repeat(200)}`);
    const files = page.getByRole("list", { name: "Attached tables" });
    await expect(files.getByText("200 rows, 2 columns")).toBeVisible();
    // Chromium sends again what broke on a connection that it had used before, POST too.
    await arm(address, fault, SYNC, 20);
    await app.mode("Synchronous");
    await app.runButton.click();
    await expectMessage(panel(page), { happened, kept: EDITOR, next });
    await expect(files.getByText("200 rows, 2 columns")).toBeVisible();
  });
}

/** The panels of all kinds of failures: the same for everybody, with the keyboard, and at 200 % zoom. */
const STATES = ["html", "error", "status:401", "status:403", "status:413", "status:429,retry:120", "status:503", "leak", "xml-bomb", "columns:5000", "overflow", "quota:jobs"];

for (const colorScheme of ["light", "dark"] as const) {
  test(`F62 every error state by axe, keyboard and at 200 % zoom, ${colorScheme}`, async ({ app, page, address }) => {
    test.slow();
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await app.mode("Synchronous");
    const keyboard = new Keyboard(page);
    for (const fault of STATES) {
      await arm(address, fault, SYNC);
      await app.runButton.click();
      await expect(app.cancelButton).toBeDisabled();
      const dialog = page.getByRole("dialog", { name: "Sign in" });
      if (fault === "status:401") {
        await expect(dialog).toBeVisible();
        await expectAccessible(page);
        await page.keyboard.press("Escape");
        await expect(dialog).toBeHidden();
      }
      await expectAccessible(page);
      const copy = panel(page).getByRole("button", { name: "Copy report" });
      if (await copy.count()) await keyboard.reach(copy);
    }
  });
}
