// The rows of the fault matrix that concern jobs: their documents, phases, results and lists.

import { arm, disarm } from "../../fault";
import { ADQL, AGAIN, CREATE, JOB, job, LIST, panel, test, waiting } from "../../fault_stage";
import { expect } from "../../fixtures";
import { make as makeJob, unique } from "../../jobs";
import { expectMessage } from "../../oracles";
import { signIn } from "../../session";

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
    await expect(job(page)).toContainText(today);
    await app.signOut();
  });
}

for (const [what, fault, count] of [
  ["404", "vanished", 2],
  ["404 without its words", "status:404", 2],
  ["410", "gone", 2],
] as const) {
  test(`${fault === "vanished" ? "F18" : "F37"} the job is gone: ${what}`, async ({ app, page, address }) => {
    await arm(address, fault, JOB, count);
    await app.mode("Asynchronous");
    await app.runButton.click();
    // Until it is asked for twice, the list could tell otherwise.
    await expect(waiting(page)).toBeVisible();
    await expect(waiting(page)).toHaveCount(0);
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
    const unreadable = ["no-phase", "cut"].includes(kind);
    await arm(address, `uws:${kind}`, JOB, unreadable ? 100 : 1);
    await app.mode("Asynchronous");
    await app.runButton.click();
    if (unreadable) {
      await expect(waiting(page)).toContainText(/asking again|asked again/);
      await expect(waiting(page)).toContainText(/The job goes on|go(es)? on by itself/);
      await disarm(address);
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
    await arm(address, `phase:${phase}`, JOB, 100);
    await app.mode("Asynchronous");
    await app.runButton.click();
    await expectMessage(waiting(page), { happened: note, kept: /goes on at the archive/, next: /Show the job/ });
    await expect(panel(page)).toHaveCount(0);
    await disarm(address);
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
  const run = job(page).getByRole("button", { name: "Run", exact: true });
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
  await job(page).getByRole("button", { name: "Run", exact: true }).click();
  await expect(async () => {
    await page.clock.fastForward("00:30");
    await expect(job(page)).toContainText(/completed/i, { timeout: 500 });
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
    await expect(job(page)).toContainText(/completed/i);
  });
}

test("F46 a phase that goes backwards, and an end by somebody else", async ({ app, page, address }) => {
  await page.clock.install();
  await app.open();
  // What is armed last holds, so that no poll in between hears the truth.
  await arm(address, "phase:EXECUTING", JOB, 100);
  await app.mode("Asynchronous");
  await app.runButton.click();
  await expect(waiting(page)).toContainText(/executing/i);
  await arm(address, "phase:PENDING", JOB, 100);
  await page.clock.fastForward("00:05");
  await expect(waiting(page)).toContainText(/pending/i);
  await arm(address, "phase:ABORTED", JOB, 100);
  await page.clock.fastForward("00:10");
  await expectMessage(panel(page), { happened: /The job was aborted/, kept: /is in the list of jobs/, next: AGAIN });
});
