import { rows, sync } from "../../archive";
import { arm } from "../../fault";
import { expect, test } from "../../fixtures";
import { signIn } from "../../session";
import { columns, make, own, query, remove } from "../../user_tables";

const SAMPLE = "SELECT TOP 3 source_id, ra, dec FROM gaiadr3.gaia_source ORDER BY source_id";

/** The address of a job of nobody that has run. */
async function finishedJob(address: string, adql: string): Promise<string> {
  const form = { REQUEST: "doQuery", LANG: "ADQL", FORMAT: "votable", PHASE: "RUN", QUERY: adql };
  const job = (await fetch(new URL("sandbox/tap-server/tap/async", address), { method: "POST", body: new URLSearchParams(form) })).url;
  await expect.poll(async () => (await fetch(`${job}/phase`)).text()).toBe("COMPLETED");
  return job;
}

test.describe("2.4 upload table", () => {
  test.beforeEach(async ({ app }) => {
    await app.open();
    await app.signIn();
    await app.go("User tables");
  });

  test("2.4 upload table: a CSV file is shown, converted and kept, identifiers exact", async ({ app, page, address }) => {
    const demo = await signIn(address);
    await remove(demo, "t24_csv");
    const sample = await rows(address, SAMPLE);
    const csv = ["Source ID,RA,Dec,Label", ...sample.map((row, index) => `${row.join(",")},star ${index}`)].join("\n");
    const upload = await app.openUpload();
    await app.giveFile("T24 CSV.csv", "text/csv", csv);
    await expect(upload.getByText("3 rows, 4 columns")).toBeVisible();
    await expect(upload.getByRole("columnheader", { name: "source_id" })).toContainText("long");
    await expect(upload.getByRole("cell", { name: sample[0][0] })).toBeVisible();
    await expect(upload.getByLabel("Right ascension")).toHaveValue("ra");
    await upload.getByLabel("Name", { exact: true }).fill("T24_CSV");
    await expect(upload.getByText("user_demo.t24_csv; the archive keeps names in lower case.")).toBeVisible();
    await upload.getByLabel("Description").fill("Three of them");
    await upload.getByRole("button", { name: "Send to the archive" }).click();
    await expect(app.tableLine("user_demo.t24_csv")).toContainText("3 rows");
    await expect(page.getByText("user_demo.t24_csv is in the archive: 3 rows.")).toBeVisible();

    const kept = await columns(demo, "t24_csv");
    expect(kept.map((column) => [column.name, column.type, column.flags]).slice(1)).toEqual([
      ["source_id", "long", 0],
      ["ra", "double", 1],
      ["dec", "double", 2],
      ["label", "char", 0],
    ]);
    const ids = await query(demo, "SELECT source_id FROM user_demo.t24_csv ORDER BY source_id");
    expect(ids).toEqual(sample.map((row) => row[0]));
    await remove(demo, "t24_csv");
  });

  test("2.4 upload table: a VOTable goes as it is, another pair of columns is the position", async ({ app, address }) => {
    const demo = await signIn(address);
    await remove(demo, "t24_vot");
    const document = await sync(address, "SELECT TOP 5 ra, dec, l, b FROM gaiadr3.gaia_source", "votable_plain");
    const upload = await app.openUpload();
    await app.giveFile("t24_vot.vot", "application/x-votable+xml", document);
    await upload.getByLabel("Right ascension").selectOption("l");
    await upload.getByLabel("Declination").selectOption("b");
    await upload.getByRole("button", { name: "Send to the archive" }).click();
    await expect(app.tableLine("user_demo.t24_vot")).toContainText("5 rows");
    const flagged = (await columns(demo, "t24_vot")).filter((column) => column.flags & 3).map((column) => column.name);
    expect(flagged).toEqual(["l", "b"]);
    await remove(demo, "t24_vot");
  });

  test("2.4 upload table: pasted columns of text, sent as they are", async ({ app, address }) => {
    const demo = await signIn(address);
    await remove(demo, "t24_paste");
    const upload = await app.openUpload("Paste");
    await upload.getByLabel("Table as text").fill("# name   RAJ2000 DEJ2000\nalpha 1.5 -2\nbeta  2.5 -3\n");
    await upload.getByRole("button", { name: "Read this text" }).click();
    await expect(upload.getByText("2 rows, 3 columns")).toBeVisible();
    await upload.getByLabel("Sent as").selectOption("ASCII");
    await upload.getByLabel("Name", { exact: true }).fill("t24_paste");
    await upload.getByRole("button", { name: "Send to the archive" }).click();
    await expect(app.tableLine("user_demo.t24_paste")).toContainText("2 rows");
    const kept = await columns(demo, "t24_paste");
    expect(kept.slice(1).map((column) => [column.name.toLowerCase(), column.flags])).toEqual([["name", 0], ["raj2000", 1], ["dej2000", 2]]);
    await remove(demo, "t24_paste");
  });

  test("2.4 upload table: a result in hand becomes a table", async ({ app, address }) => {
    const demo = await signIn(address);
    await remove(demo, "t24_result");
    await app.go("Query");
    await app.run(SAMPLE, "Synchronous");
    await app.expectVerdict("3 rows, complete");
    await app.go("User tables");
    const upload = await app.openUpload("Result in hand");
    await upload.getByRole("button", { name: "Take it" }).click();
    await expect(upload.getByText("3 rows, 3 columns")).toBeVisible();
    await upload.getByLabel("Name", { exact: true }).fill("t24_result");
    await upload.getByRole("button", { name: "Send to the archive" }).click();
    await expect(app.tableLine("user_demo.t24_result")).toContainText("3 rows");
    const expected = (await rows(address, SAMPLE)).map((row) => row[0]);
    expect(await query(demo, "SELECT source_id FROM user_demo.t24_result ORDER BY source_id")).toEqual(expected);
    await remove(demo, "t24_result");
  });

  test("2.4 upload table: the archive copies the result of a job", async ({ app, address }) => {
    const demo = await signIn(address);
    await remove(demo, "t24_job");
    await app.go("Query");
    await app.run("SELECT TOP 7 source_id, ra, dec FROM gaiadr3.gaia_source", "Asynchronous");
    await app.expectVerdict("7 rows, complete", 60_000);
    await app.go("User tables");
    const upload = await app.openUpload("Job");
    await upload.getByLabel("Finished job").selectOption({ index: 1 });
    await upload.getByLabel("Name", { exact: true }).fill("t24_job");
    await upload.getByRole("button", { name: "Send to the archive" }).click();
    await expect(app.tableLine("user_demo.t24_job")).toContainText("7 rows");
    expect(await query(demo, "SELECT COUNT(*) AS n FROM user_demo.t24_job")).toEqual(["7"]);
    await remove(demo, "t24_job");
  });

  test("2.4 upload table: the archive fetches a table from an address", async ({ app, address }) => {
    const demo = await signIn(address);
    await remove(demo, "t24_address");
    // The sandbox fetches from nobody but itself, by the address at which it is asked.
    const job = (await finishedJob(address, SAMPLE)).replace("/sandbox/", "/gw/sandbox/");
    const upload = await app.openUpload("Address");
    await upload.getByLabel("Address").fill(`${job}/results/result`);
    await upload.getByLabel("Name", { exact: true }).fill("t24_address");
    await upload.getByRole("button", { name: "Send to the archive" }).click();
    await expect(app.tableLine("user_demo.t24_address")).toContainText("3 rows");
    expect(await query(demo, "SELECT COUNT(*) AS n FROM user_demo.t24_address")).toEqual(["3"]);
    await remove(demo, "t24_address");
  });

  test("2.4 upload table: an upload that becomes a job is followed to its end", async ({ app, page, address }) => {
    const demo = await signIn(address);
    await remove(demo, "t24_followed");
    const form = { REQUEST: "doQuery", LANG: "ADQL", QUERY: SAMPLE };
    const created = await demo.post("tap-server/tap/async", form);
    const id = created.url.split("/").pop()!;
    // As the archive does that works on an upload as a job. The table comes when the job has run.
    await page.route("**/tap-server/Upload", (route) =>
      route.fulfill({ contentType: "text/xml", body: `<uws:job xmlns:uws="x"><uws:jobId>${id}</uws:jobId></uws:job>` }),
    );
    const upload = await app.openUpload();
    await app.giveFile("t24_followed.csv", "text/csv", "a,b\n1,2\n");
    await upload.getByRole("button", { name: "Send to the archive" }).click();
    await expect(upload.getByText("as a job: PENDING")).toBeVisible();
    await make(demo, "t24_followed", "a,b\n1,2\n");
    await demo.post(`tap-server/tap/async/${id}/phase`, { PHASE: "RUN" });
    await expect(app.tableLine("user_demo.t24_followed")).toContainText("1 row");
    await expect(page.getByText("user_demo.t24_followed is in the archive")).toBeVisible();
    await remove(demo, "t24_followed");
  });

  test("2.4 upload table: a name that is taken or cannot be is said before anything is sent", async ({ app, page, address }) => {
    const demo = await signIn(address);
    await remove(demo, "t24_taken");
    let sent = 0;
    page.on("request", (request) => (sent += Number(request.url().endsWith("/Upload"))));
    for (const refused of [false, true]) {
      const upload = await app.openUpload();
      await app.giveFile("t24_taken.csv", "text/csv", "a,b\n1,2\n");
      await upload.getByLabel("Name", { exact: true }).fill("T24_taken");
      const send = upload.getByRole("button", { name: "Send to the archive" });
      if (refused) {
        await expect(upload.getByText("You have a table t24_taken already.")).toBeVisible();
        await expect(send).toBeDisabled();
        await upload.getByLabel("Name", { exact: true }).fill("a.b");
        await expect(upload.getByText("This name cannot be used")).toBeVisible();
        await expect(send).toBeDisabled();
        await upload.getByLabel("Name", { exact: true }).fill("two words");
        await expect(upload.getByText('user_demo."two words", always in quotes')).toBeVisible();
        await expect(send).toBeEnabled();
      } else {
        await send.click();
        await expect(app.tableLine("user_demo.t24_taken")).toBeVisible();
      }
    }
    expect(sent).toBe(1);
    await remove(demo, "t24_taken");
  });

  test("2.4 upload table: a file that is no table is refused with its line", async ({ app }) => {
    const upload = await app.openUpload();
    await app.giveFile("broken.csv", "text/csv", "a,b\n1,2\n3,4,5,6\n");
    await expect(upload.getByRole("alert").filter({ hasText: /line 3/i })).toBeVisible();
    await expect(upload.getByRole("button", { name: "Send to the archive" })).toBeDisabled();
  });

  test("2.4 upload table: progress is shown, Cancel stops it and keeps the form", async ({ app, page, address }) => {
    const demo = await signIn(address);
    await remove(demo, "t24_slow");
    const network = await page.context().newCDPSession(page);
    const upload = await app.openUpload();
    await app.giveFile("t24_slow.csv", "text/csv", `a,b\n${"123456789,987654321\n".repeat(40_000)}`);
    await expect(upload.getByText("40,000 rows, 2 columns")).toBeVisible();
    await network.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 200_000 });
    await upload.getByRole("button", { name: "Send to the archive" }).click();
    await expect(upload.getByRole("progressbar", { name: "Upload" })).toHaveAttribute("aria-valuenow", /^[1-9]/);
    await upload.getByRole("button", { name: "Cancel", exact: true }).click();
    await network.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
    await expect(upload.getByText("The upload was stopped")).toBeVisible();
    expect(await own(demo)).not.toContain("t24_slow");
    await upload.getByRole("button", { name: "Send to the archive" }).click();
    await expect(app.tableLine("user_demo.t24_slow")).toContainText("40,000 rows");
    expect(await query(demo, "SELECT COUNT(*) AS n FROM user_demo.t24_slow")).toEqual(["40000"]);
    await remove(demo, "t24_slow");
  });

  test.describe("an archive that fails", () => {
    test.use({ provoked: [/status of 50\d/] });

    test("2.4 upload table: the form outlives an expired session", async ({ app, page, address }) => {
      const demo = await signIn(address);
      await remove(demo, "t24_expired");
      const upload = await app.openUpload();
      await app.giveFile("t24_expired.csv", "text/csv", "a,b\n1,2\n");
      await upload.getByLabel("Description").fill("still here");
      await arm(address, "expired", "/tap-server/Upload");
      await upload.getByRole("button", { name: "Send to the archive" }).click();
      await expect(upload.getByRole("alert").filter({ hasText: "The archive did not make the table" })).toBeVisible();
      expect(await own(demo)).not.toContain("t24_expired");
      await expect(upload.getByLabel("Description")).toHaveValue("still here");
      await expect(upload.getByText("1 row, 2 columns")).toBeVisible();
      const form = upload.getByRole("button", { name: "Show the form for it" });
      // The archive may take the same session for somebody's again: then there is nobody to ask for.
      if (await form.isVisible()) {
        await form.click();
        await app.fillSignIn("demo", "demo");
        await expect(page.getByRole("dialog", { name: "Sign in" })).toBeHidden();
      }
      await upload.getByRole("button", { name: "Send to the archive" }).click();
      await expect(app.tableLine("user_demo.t24_expired")).toContainText("still here");
      expect(await own(demo)).toContain("t24_expired");
      await remove(demo, "t24_expired");
    });

    test("2.4 upload table: an error keeps the file and what was typed", async ({ app, address }) => {
      const demo = await signIn(address);
      await remove(demo, "t24_again");
      const upload = await app.openUpload();
      await app.giveFile("t24_again.csv", "text/csv", "a,b\n1,2\n");
      await upload.getByLabel("Description").fill("kept");
      await arm(address, "leak", "/tap-server/Upload");
      await upload.getByRole("button", { name: "Send to the archive" }).click();
      await expect(upload.getByRole("alert").filter({ hasText: "The archive did not make the table" })).toBeVisible();
      await expect(upload.getByLabel("Description")).toHaveValue("kept");
      expect(await own(demo)).not.toContain("t24_again");
      await upload.getByRole("button", { name: "Send to the archive" }).click();
      await expect(app.tableLine("user_demo.t24_again")).toBeVisible();
      expect(await own(demo)).toContain("t24_again");
      await remove(demo, "t24_again");
    });
  });
});
