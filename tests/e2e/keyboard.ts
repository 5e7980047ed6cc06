// Hands that have a keyboard and no mouse.

import { expect, type Locator, type Page } from "./fixtures";

export class Keyboard {
  constructor(private readonly page: Page) {}

  /** Goes to an element with the Tab key, as often as it takes. The focus must be seen there. */
  async reach(element: Locator) {
    for (let presses = 0; presses < 150; presses += 1) {
      if ((await element.count()) === 1 && (await this.holdsFocus(element))) {
        return expect(await this.showsFocus(element), `the focus is not seen on ${element}`).toBe(true);
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

  /** Whether the element, or what frames it, has a ring. */
  private showsFocus(element: Locator): Promise<boolean> {
    return element.evaluate((node) => {
      let at: Element | null = node;
      for (let steps = 0; at && steps < 5; steps += 1) {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(at);
        const after = getComputedStyle(at, "::after");
        const framed = after.content !== "none" && after.borderTopStyle === "solid" && after.borderTopWidth !== "0px";
        if ((outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none" || framed) return true;
        at = at.parentElement ?? (at.getRootNode() as ShadowRoot).host ?? null;
      }
      return false;
    });
  }

  private inEditor(): Promise<boolean> {
    return this.page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.classList.contains("cm-content") ?? false);
  }
}
