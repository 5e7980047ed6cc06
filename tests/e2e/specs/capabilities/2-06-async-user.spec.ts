// A job of a user whose result the archive writes in another format; the file is saved as the archive wrote it.

import { readFile } from "node:fs/promises";

import { expect, test } from "../../fixtures";
import { list, look, result, unique } from "../../jobs";
import { signIn } from "../../session";

for (const format of ["csv", "fits"]) {
  test(`2.6 async as a user in another format: ${format}`, async ({ app, page, address }) => {
    const name = unique(format);
    await app.open();
    await app.signIn("demo");
    await app.mode("Asynchronous");
    await page.getByRole("combobox", { name: "Save as" }).selectOption(format);
    await page.getByRole("checkbox", { name: "Written by the archive" }).check();
    await page.getByRole("textbox", { name: "Job name" }).fill(name);
    await app.run("SELECT TOP 30 source_id, ra, dec FROM gaiadr3.gaia_source ORDER BY source_id", "Asynchronous");
    const file = page.getByRole("region", { name: "File of the archive" });
    await expect(file).toBeVisible({ timeout: 60_000 });
    const download = page.waitForEvent("download");
    await file.getByRole("link", { name: `Download file (${format})` }).click();
    const saved = await readFile(await (await download).path());

    const session = await signIn(address, "demo");
    const job = (await list(address, "async", session)).find((job) => job.name === name);
    expect(job).toMatchObject({ owner: "demo", phase: "COMPLETED", parameters: { format } });
    expect(await look(address, job!.id)).toBeUndefined();
    const there = await session.get(`tap-server/tap/async/${job!.id}/results/result`);
    expect(saved.equals(Buffer.from(await there.arrayBuffer()))).toBe(true);
    if (format === "csv") {
      expect(await result(address, job!.id, session)).toMatch(/^source_id,ra,dec\r?\n/);
      await file.getByRole("button", { name: "Show its rows" }).click();
      await app.expectVerdict(/^30 rows/);
    } else {
      expect(saved.subarray(0, 9).toString()).toBe("SIMPLE  =");
      await expect(file.getByRole("button", { name: "Show its rows" })).toHaveCount(0);
    }
  });
}
