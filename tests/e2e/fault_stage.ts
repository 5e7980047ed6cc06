// Where the rows of the fault matrix are played: each test begins with a job in the journal and a text in the editor, breaks
// something by the sandbox's faults, and ends with both still there. `fault-matrix.json` lists the rows.

import { type Mode } from "./app";
import { type Locator, type Page, test as base } from "./fixtures";
import { expectNothingLost } from "./oracles";

export const ADQL = "SELECT TOP 300 source_id, ra, dec\nFROM gaiadr3.gaia_source";

export const MODES: Mode[] = ["Synchronous", "Asynchronous"];

export const SYNC = "*/tap/sync";
export const CREATE = "*/tap/async";
/** Documents of jobs, and their results. */
export const JOB = "*/tap/async/*";
export const LIST = "*/tap/jobs/async";

/** What is said to be kept. */
export const EDITOR = /Your query is in the editor/;
export const AGAIN = /run it again/i;

/** The panel that stands where the result would be. */
export const panel = (page: Page): Locator => page.getByRole("main").getByRole("alert").filter({ hasText: "Copy report" });

/** What is said while a job is waited for. */
export const waiting = (page: Page): Locator => page.getByRole("region", { name: "Running job" });

/** The job that is shown in full. */
export const job = (page: Page): Locator => page.getByRole("region", { name: "Job", exact: true });

export const test = base.extend<{ stage: void }>({
  // Chromium itself logs every answer with an error status, and every broken connection.
  provoked: [/Failed to load resource|net::ERR_/],
  stage: [
    async ({ app, page }, use, info) => {
      await app.open();
      await app.run(`-- ${info.testId}\nSELECT TOP 5 source_id FROM gaiadr3.gaia_source`, "Asynchronous");
      await app.expectVerdict("5 rows, complete");
      await app.write(ADQL);
      // A late word on that job must not meet the fault that is meant for the next one.
      await page.waitForLoadState("networkidle");
      await use();
      if (info.errors.length === 0) await expectNothingLost(app, ADQL);
    },
    { auto: true },
  ],
});
