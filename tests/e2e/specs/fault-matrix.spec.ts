// The rows of the fault matrix that a server causes: each fault is injected by the sandbox, and after each nothing is lost and the
// message says what happened, what was kept, and what to do next. `fault-matrix.json` lists the rows.

import { readFileSync } from "node:fs";

import { type Mode } from "../app";
import { DataLink } from "../datalink";
import { arm, disarm } from "../fault";
import { expect, type Page, test } from "../fixtures";
import { make as makeJob, unique } from "../jobs";
import { Keyboard } from "../keyboard";
import { expectAccessible, expectMessage, expectNothingLost } from "../oracles";
import { having } from "../products";
import { signIn } from "../session";
import { own, remove } from "../user_tables";

// Chromium itself logs every answer with an error status, and every broken connection.
test.use({ provoked: [/Failed to load resource|net::ERR_/] });

const ADQL = "SELECT TOP 300 source_id, ra, dec\nFROM gaiadr3.gaia_source";
const SYNC = "*/tap/sync";
const CREATE = "*/tap/async";
/** Documents of jobs, and their results. */
const JOB = "*/tap/async/*";
const LIST = "*/tap/jobs/async";

const EDITOR = /Your query is in the editor/;
const JOB_KEPT = /The job goes on|query is kept here|goes on by itself|go on by itself/;
const AGAIN = /run it again/i;

/** The panel that stands where the result would be. */
const panel = (page: Page) => page.getByRole("main").getByRole("alert").filter({ hasText: "Copy report" });
/** What is said while a job is waited for. */
const waiting = (page: Page) => page.getByRole("region", { name: "Running job" });

// Something that can be lost: a job in the journal and a text in the editor.
test.beforeEach(async ({ app }, { testId }) => {
  await app.open();
  await app.run(`-- ${testId}\nSELECT TOP 5 source_id FROM gaiadr3.gaia_source`, "Asynchronous");
  await app.expectVerdict("5 rows, complete");
  await app.write(ADQL);
});

test.afterEach(async ({ app }) => {
  if (test.info().status === "passed") await expectNothingLost(app, ADQL);
});

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
  for (const mode of modes ?? (["Synchronous", "Asynchronous"] as const)) {
    test(`${row} ${what}, ${mode.toLowerCase()}`, async ({ app, page, address }) => {
      await arm(address, fault, mode === "Synchronous" ? SYNC : CREATE);
      await app.mode(mode);
      await app.runButton.click();
      await expectMessage(panel(page), { happened, kept: EDITOR, next });
    });
  }
}

for (const mode of ["Synchronous", "Asynchronous"] as const) {
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

for (const mode of ["Synchronous", "Asynchronous"] as const) {
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

test("F16 a list that wanted a session is asked for again after signing in", async ({ app, page, address }) => {
  await arm(address, "status:401", LIST);
  await app.go("Jobs");
  await expect(page.getByText(/wants you to sign in/)).toBeVisible();
  await app.signIn();
  await expect(page.getByText(/wants you to sign in/)).toHaveCount(0);
  await app.signOut();
});

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

for (const [what, fault, seconds] of [
  ["in seconds", "retry:4", 3.5],
  ["as a date", "retry-date:4", 2.5],
  ["that is negative", "retry:-30", 0.5],
] as const) {
  test(`F20 a poll heeds Retry-After ${what}`, async ({ app, page, address }) => {
    await arm(address, `status:429,${fault}`, JOB);
    const asked: number[] = [];
    page.on("request", (request) => /\/tap\/async\/[^/]+$/.test(request.url()) && asked.push(Date.now()));
    await app.mode("Asynchronous");
    await app.runButton.click();
    await expectMessage(waiting(page), { happened: /The archive is busy/, kept: /The job goes on/, next: /asked again at/ });
    await app.expectVerdict("300 rows, complete");
    expect(asked[1] - asked[0]).toBeGreaterThanOrEqual(seconds * 1000);
  });
}

test("F20 nobody is made to wait longer than ten minutes", async ({ app, page, address }) => {
  await page.clock.install();
  await app.open();
  await arm(address, "status:429,retry:99999999", JOB);
  await app.mode("Asynchronous");
  await app.runButton.click();
  await expect(waiting(page)).toContainText(/The archive is busy/);
  await page.clock.fastForward("09:50");
  await expect(waiting(page)).toContainText(/The archive is busy/);
  await page.clock.fastForward("00:15");
  await app.expectVerdict("300 rows, complete");
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

for (const hours of [24, -24]) {
  test(`F35 the server's Date is ${hours} h away`, async ({ app, page, address }) => {
    await arm(address, `date:${hours * 3600}`, "*", 100);
    await app.mode("Asynchronous");
    await app.runButton.click();
    await app.expectVerdict("300 rows, complete");
    await app.go("Jobs");
    await expect(app.jobs(/completed/i).first()).toContainText("just now");
    await expect(page.getByRole("main")).not.toContainText(/-\d+ (min|h|days)/);
  });
}

for (const hours of [24, -24]) {
  test(`F35 this browser's clock is ${hours} h away from the archive's`, async ({ app, page, address }) => {
    const session = await signIn(address);
    const name = unique("dated");
    await makeJob(address, ADQL, { JOBNAME: name }, session);
    await page.clock.install({ time: Date.now() + hours * 3_600_000 });
    await app.open();
    await app.signIn();
    await app.go("Jobs");
    await expect(app.jobs(name)).toContainText("just now");
    await app.jobs(name).getByRole("link").first().click();
    // What is dated is shown as the archive says.
    const today = await page.evaluate((time) => new Date(time).toLocaleDateString("default", { dateStyle: "medium" }), Date.now());
    await expect(page.getByRole("region", { name: "Job", exact: true })).toContainText(today);
    await app.signOut();
  });
}

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

for (const [what, fault, count] of [
  ["404", "vanished", 2],
  ["404 without its words", "status:404", 2],
  ["410", "gone", 2],
] as const) {
  test(`${fault === "vanished" ? "F18" : "F37"} the job is gone: ${what}`, async ({ app, page, address }) => {
    await arm(address, fault, JOB, count);
    await app.mode("Asynchronous");
    await app.runButton.click();
    await expect(app.cancelButton).toBeDisabled({ timeout: 30_000 });
    await app.go("Jobs");
    await expectMessage(app.jobs("Gone").first(), { happened: /no longer has this job/, kept: /query is kept/, next: AGAIN });
    await app.jobs("Gone").first().getByRole("button", { name: "Edit query" }).click();
    await expect(app.editor).toContainText("SELECT TOP 300 source_id");
  });
}

test("F37 a list without jobs hides none of this browser", async ({ app, address }, { testId }) => {
  await arm(address, "empty-list", LIST, 10);
  await app.go("Jobs");
  await expect(app.jobs(testId)).toHaveCount(1);
});

test("F38 a job that is listed twice has one card", async ({ app, address }, { testId }) => {
  // One of this browser, and one that another program made.
  const session = await signIn(address);
  const name = `twice ${Date.now()}`;
  await session.post("tap-server/tap/async", { REQUEST: "doQuery", LANG: "ADQL", QUERY: ADQL, JOBNAME: name, PHASE: "RUN" });
  await arm(address, "duplicates", LIST, 10);
  await app.signIn();
  await app.go("Jobs");
  await expect(app.jobs(name)).toHaveCount(1);
  await expect(app.jobs(testId)).toHaveCount(1);
  await app.signOut();
});

for (const kind of ["no-phase", "prefix", "namespace", "case", "bom", "blanks", "cut", "1.1"]) {
  test(`F39 a malformed job document: ${kind}`, async ({ app, page, address }) => {
    await page.clock.install();
    await app.open();
    await arm(address, `uws:${kind}`, JOB);
    await app.mode("Asynchronous");
    await app.runButton.click();
    if (["no-phase", "cut"].includes(kind)) {
      await expect(waiting(page)).toContainText(/asking again|asked again/);
      await expect(waiting(page)).toContainText(JOB_KEPT);
      await page.clock.fastForward("00:40");
    }
    await app.expectVerdict("300 rows, complete");
  });
}

for (const [row, phase, note] of [
  ["F40", "UNKNOWN", /cannot say how far the job is/],
  ["F40", "SOMETHING_NEW", /cannot say how far the job is/],
  ["F42", "SUSPENDED", /Paused by the archive; it will go on by itself/],
  ["F46", "QUEUED", /QUEUED|Queued/],
] as const) {
  test(`${row} phase ${phase}: the job is asked again and never called failed`, async ({ app, page, address }) => {
    await page.clock.install();
    await app.open();
    await arm(address, `phase:${phase}`, JOB);
    await app.mode("Asynchronous");
    await app.runButton.click();
    await expectMessage(waiting(page), { happened: note, kept: /goes on at the archive/, next: /Show the job/ });
    await expect(panel(page)).toHaveCount(0);
    await page.clock.fastForward("00:40");
    await app.expectVerdict("300 rows, complete");
  });
}

test("F41 a job that is held goes on by Run", async ({ app, page, address }) => {
  await arm(address, "run-lost", CREATE);
  await arm(address, "phase:HELD", JOB, 100);
  await app.mode("Asynchronous");
  await app.runButton.click();
  await expectMessage(waiting(page), { happened: /holds this job/, kept: /goes on at the archive/, next: /press Run/ });
  await waiting(page).getByRole("link", { name: "Show the job" }).click();
  const run = page.getByRole("region", { name: "Job", exact: true }).getByRole("button", { name: "Run", exact: true });
  await expect(run).toBeVisible();
  await disarm(address);
  await run.click();
  await expect(app.jobs(/COMPLETED/i).first()).toBeVisible();
});

test("F43 an archived job says that its result is gone", async ({ app, page, address }) => {
  await arm(address, "phase:ARCHIVED", JOB);
  await app.mode("Asynchronous");
  await app.runButton.click();
  await expectMessage(panel(page), { happened: /has removed the job's results/, kept: /is in the list of jobs/, next: AGAIN });
});

test("F44 RUN that is lost once is sent again", async ({ app, address }) => {
  await arm(address, "run-lost", CREATE);
  await app.mode("Asynchronous");
  await app.runButton.click();
  await app.expectVerdict("300 rows, complete");
});

test("F44 RUN that is lost again and again comes back as a button", async ({ app, page, address }) => {
  test.slow();
  await page.clock.install();
  await app.open();
  await arm(address, "run-lost", "*/tap/async*", 1000);
  await app.mode("Asynchronous");
  await app.runButton.click();
  await expect(async () => {
    await page.clock.fastForward("00:05");
    await expect(waiting(page)).toContainText("press Run", { timeout: 500 });
  }).toPass();
  await waiting(page).getByRole("link", { name: "Show the job" }).click();
  await disarm(address);
  await page.getByRole("region", { name: "Job", exact: true }).getByRole("button", { name: "Run", exact: true }).click();
  await expect(async () => {
    await page.clock.fastForward("00:30");
    await expect(page.getByRole("region", { name: "Job", exact: true })).toContainText(/completed/i, { timeout: 500 });
  }).toPass();
});

for (const kind of ["none", "many", "foreign"]) {
  test(`F45 a completed job with ${kind} as its results`, async ({ app, page, address }) => {
    const elsewhere: string[] = [];
    page.on("request", (request) => request.url().includes("other.example") && elsewhere.push(request.url()));
    await arm(address, `results:${kind}`, JOB, 100);
    await app.mode("Asynchronous");
    await app.runButton.click();
    await app.expectVerdict("300 rows, complete");
    expect(elsewhere).toEqual([]);
    await app.go("Jobs");
    await app.jobs(/SELECT TOP 300/).first().getByRole("link").first().click();
    await expect(page.getByRole("region", { name: "Job", exact: true })).toContainText(/completed/i);
  });
}

test("F46 a phase that goes backwards, and an end by somebody else", async ({ app, page, address }) => {
  await page.clock.install();
  await app.open();
  await arm(address, "phase:EXECUTING", JOB);
  await app.mode("Asynchronous");
  await app.runButton.click();
  await expect(waiting(page)).toContainText(/executing/i);
  await arm(address, "phase:PENDING", JOB);
  await page.clock.fastForward("00:05");
  await expect(waiting(page)).toContainText(/pending/i);
  await arm(address, "phase:ABORTED", JOB);
  await page.clock.fastForward("00:10");
  await expectMessage(panel(page), { happened: /The job was aborted/, kept: /is in the list of jobs/, next: AGAIN });
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
