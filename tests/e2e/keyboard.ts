// Hands that have a keyboard and no mouse.

import { expect, type Locator, type Page } from "./fixtures";

export class Keyboard {
  constructor(private readonly page: Page) {}

  /** Goes to an element with the Tab key, as often as it takes. The focus must be seen there. */
  async reach(element: Locator) {
    for (let presses = 0; presses < 150; presses += 1) {
      if ((await element.count()) === 1 && (await this.holdsFocus(element))) {
        return expect(element, "the focus is not seen").toHaveCSS("outline-style", /solid|auto|double/);
      }
      // The editor keeps Tab for indenting until Escape.
      if (await this.inEditor()) await this.page.keyboard.press("Escape");
      await this.page.keyboard.press("Tab");
    }
    throw new Error(`${element} cannot be reached with the Tab key`);
  }

  /** Goes to a button or link and presses it. */
  async press(element: Locator, key = "Enter") {
    await this.reach(element);
    await this.page.keyboard.press(key);
  }

  /** Writes into a field or the editor, in the place of what is there. */
  async write(element: Locator, text: string) {
    await this.reach(element);
    await this.page.keyboard.press("ControlOrMeta+a");
    await this.page.keyboard.insertText(text);
  }

  private holdsFocus(element: Locator): Promise<boolean> {
    return element.evaluate((node) => {
      const focused = document.activeElement;
      // Within a shadow root the document only knows the host.
      return node === focused || node === focused?.shadowRoot?.activeElement;
    });
  }

  private inEditor(): Promise<boolean> {
    return this.page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.classList.contains("cm-content") ?? false);
  }
}
