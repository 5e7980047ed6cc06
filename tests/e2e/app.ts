// The application as a person (or a screen reader) names its parts. Specs speak in these words, so that a change of markup
// touches this file only.

import { expect, type Locator, type Page } from "@playwright/test";

export const VIEWS = ["Query", "Schema", "Jobs", "Results", "User tables", "Sharing", "Notifications", "Service search", "DataLink", "About"] as const;
export type View = (typeof VIEWS)[number];
export type Mode = "Synchronous" | "Asynchronous";

export class App {
  readonly editor: Locator;
  readonly runButton: Locator;
  readonly cancelButton: Locator;
  readonly grid: Locator;

  constructor(
    readonly page: Page,
    readonly address: string,
  ) {
    this.editor = page.getByRole("textbox", { name: "ADQL query" });
    this.runButton = page.getByRole("button", { name: "Run query" });
    this.cancelButton = page.getByRole("button", { name: "Cancel", exact: true });
    this.grid = page.getByRole("grid", { name: "Result" });
  }

  /** Opens the application, at a fragment such as `#/jobs` if one is given. */
  async open(fragment = "") {
    await this.page.goto(this.address + fragment);
    await expect(this.page.getByRole("link", { name: "Query", exact: true })).toBeVisible();
    // Until the editor's module is there a plain text area stands in for it; what a test types must not fall between the two.
    if (!fragment || fragment.startsWith("#/query")) await expect(this.editor).toHaveAttribute("contenteditable", "true");
  }

  async go(view: View) {
    await this.page.getByRole("link", { name: view, exact: true }).click();
    await expect(this.page.getByRole("link", { name: view, exact: true })).toHaveAttribute("aria-current", "page");
  }

  /** Signs in by the dialog. A demo account's password is its name. */
  async signIn(user = "demo", password = user) {
    await this.page.getByRole("button", { name: "Sign in", exact: true }).click();
    await this.fillSignIn(user, password);
    await expect(this.signOutButton).toBeVisible();
  }

  /** Fills in the open dialog and sends it. */
  async fillSignIn(user: string, password: string) {
    const dialog = this.page.getByRole("dialog", { name: "Sign in" });
    await dialog.getByRole("textbox", { name: "User name" }).fill(user);
    await dialog.getByLabel("Password").fill(password);
    await dialog.getByRole("button", { name: "Sign in", exact: true }).click();
  }

  async signOut() {
    await this.signOutButton.click();
    await expect(this.page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
  }

  get signOutButton(): Locator {
    return this.page.getByRole("button", { name: "Sign out", exact: true });
  }

  /** Replaces the text of the editor. */
  async write(adql: string) {
    await this.editor.click();
    await this.page.keyboard.press("ControlOrMeta+a");
    await this.page.keyboard.press("Delete");
    await this.page.keyboard.insertText(adql);
  }

  async mode(mode: Mode) {
    await this.page.getByRole("radio", { name: mode, exact: true }).check();
  }

  /** Writes a query and runs it. */
  async run(adql: string, mode: Mode) {
    await this.write(adql);
    await this.mode(mode);
    await this.runButton.click();
  }

  /** The region that says how many rows there are and whether they are all. */
  verdict(words: string | RegExp): Locator {
    return this.page.getByRole("status").filter({ hasText: words });
  }

  async expectVerdict(words: string | RegExp, timeout?: number) {
    await expect(this.verdict(words).first()).toBeVisible({ timeout });
  }

  /** The row that a reader hears as number `index`; the heading is number 1. */
  row(index: number): Locator {
    return this.grid.locator(`[role="row"][aria-rowindex="${index}"]`);
  }

  /** The texts of a row's cells. */
  async cells(index: number): Promise<string[]> {
    const texts = await this.row(index).getByRole("gridcell").allInnerTexts();
    return texts.map((text) => text.trim());
  }

  /** The entries of the list of jobs. */
  jobs(words: string | RegExp): Locator {
    return this.page.getByRole("region", { name: "Jobs" }).getByRole("listitem").filter({ hasText: words });
  }

  /** The text that the editor marks as wrong. */
  get marked(): Locator {
    return this.editor.locator(".problem");
  }

  /** Attaches a file to the query as an upload table. */
  async attach(name: string, mimeType: string, text: string) {
    await this.page.getByLabel("Attach table").setInputFiles({
      name,
      mimeType,
      buffer: Buffer.from(text),
    });
  }

  /** The list of the view of user tables. */
  get userTables(): Locator {
    return this.page.getByRole("region", { name: "User tables", exact: true });
  }

  /** The line of a table in that list, by its qualified name without quotes. */
  tableLine(name: string): Locator {
    const [schema, bare] = name.split(".");
    const link = this.page.getByRole("link", { name: new RegExp(`^${schema}\\."?${bare}"?$`) });
    return this.userTables.getByRole("listitem").filter({ has: link });
  }

  /** Shows a table of the user `demo`. */
  async openTable(name: string) {
    await this.tableLine(`user_demo.${name}`).getByRole("link").click();
    await expect(this.page.getByRole("region", { name: "Table", exact: true }).getByRole("heading", { name: "Columns" })).toBeVisible();
  }

  /** Opens the dialog of an upload with one of its sources. */
  async openUpload(source = "File"): Promise<Locator> {
    await this.page.getByRole("button", { name: "Upload table" }).click();
    const dialog = this.page.getByRole("dialog", { name: "New table" });
    await dialog.getByRole("tab", { name: source }).click();
    return dialog;
  }

  /** Gives a file to the open dialog of an upload. */
  async giveFile(name: string, mimeType: string, text: string) {
    await this.page.getByLabel("Choose a file").setInputFiles({ name, mimeType, buffer: Buffer.from(text) });
  }
}
