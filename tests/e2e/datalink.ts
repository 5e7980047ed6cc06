// The DataLink view as a person names its parts.

import { readFile } from "node:fs/promises";

import { expect, type Download, type Locator, type Page } from "@playwright/test";

export const TYPES = [
  { name: "EPOCH_PHOTOMETRY", label: "Epoch photometry", flag: "has_epoch_photometry" },
  { name: "XP_SAMPLED", label: "BP/RP spectrum, sampled", flag: "has_xp_sampled" },
  { name: "XP_CONTINUOUS", label: "BP/RP spectrum, continuous", flag: "has_xp_continuous" },
  { name: "RVS", label: "RVS spectrum", flag: "has_rvs" },
  { name: "MCMC_GSPPHOT", label: "MCMC samples of GSP-Phot", flag: "has_mcmc_gspphot" },
  { name: "MCMC_MSC", label: "MCMC samples of MSC", flag: "has_mcmc_msc" },
] as const;

export class DataLink {
  readonly ids: Locator;
  readonly findLinks: Locator;
  readonly getProducts: Locator;
  readonly account: Locator;
  readonly links: Locator;
  readonly picture: Locator;

  constructor(readonly page: Page) {
    this.ids = page.getByRole("textbox", { name: "Source identifiers" });
    this.findLinks = page.getByRole("button", { name: "Find links" });
    this.getProducts = page.getByRole("button", { name: "Get products" });
    this.account = page.getByRole("region", { name: "Account of the products" });
    this.links = page.getByRole("region", { name: "Links found" });
    this.picture = page.getByRole("region", { name: "Picture", exact: true });
  }

  /** Ticks these retrieval types and no others. */
  async types(...names: string[]) {
    const boxes = this.page.getByRole("group", { name: "Retrieval types" }).getByRole("checkbox");
    for (const box of await boxes.all()) await box.setChecked(false);
    for (const name of names) {
      await this.page.getByRole("group", { name: "Retrieval types" }).getByRole("checkbox", { name: new RegExp(` ${name}$`) }).check();
    }
  }

  /** Puts a long text into the box at once; typing it takes a browser minutes. */
  async paste(text: string) {
    await this.ids.evaluate((box: HTMLTextAreaElement, text) => {
      box.value = text;
      box.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }, text);
  }

  async choose(field: "Format" | "Structure" | "Data release" | "Identifiers are of", value: string) {
    await this.page.getByRole("combobox", { name: field, exact: true }).selectOption(value);
  }

  /** Gets what the form describes and waits for the account. */
  async get(words: string | RegExp) {
    await this.getProducts.click();
    await this.expectAccount(words);
  }

  async expectAccount(words: string | RegExp, timeout = 30_000) {
    await expect(this.page.getByRole("status").filter({ hasText: words }).first()).toBeVisible({ timeout });
    await expect(this.getProducts).toBeEnabled({ timeout });
  }

  /** Source, product and outcome of the lines that are shown. */
  async lines(): Promise<string[]> {
    const rows = await this.account.getByRole("row").all();
    const texts = await Promise.all(rows.slice(1).map((row) => row.getByRole("cell").allInnerTexts()));
    return texts.map((cells) => cells.slice(0, 3).join(" "));
  }

  /** What "Save all as files" gives; one file a request. */
  async saved(requests = 1): Promise<Buffer[]> {
    const downloads: Download[] = [];
    const listen = (download: Download) => downloads.push(download);
    this.page.on("download", listen);
    await this.page.getByRole("button", { name: "Save all as files" }).click();
    await expect.poll(() => downloads.length).toBe(requests);
    this.page.off("download", listen);
    return Promise.all(downloads.map(async (download) => readFile(await download.path())));
  }

  draw(name: string, id: string): Locator {
    return this.account.getByRole("button", { name: `Draw ${name} of ${id}`, exact: true });
  }
}
