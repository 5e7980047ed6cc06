// The archive's documented capabilities: which tests, named after the section of the documentation, passed in a run.

/** A title begins with a section's number, such as `2.4 upload table`, or with `DataLink`. */
const SECTION = /^(\d+\.\d+|DataLink) (.+)$/;

export class Capabilities {
  private readonly tests: [section: string, words: string, ok: boolean][] = [];

  note(title: string, ok: boolean) {
    const [, section, words] = SECTION.exec(title) ?? [];
    if (section) this.tests.push([section, words, ok]);
  }

  /** The table; nothing where none of its tests ran. */
  lines(): string[] {
    if (this.tests.length === 0) return [];
    const order = new Intl.Collator("en", { numeric: true });
    const sorted = this.tests.sort(([a, x], [b, y]) => order.compare(a, b) || order.compare(x, y));
    const line = ([section, words, ok]: (typeof sorted)[0]) => `  ${section.padEnd(9)}${(ok ? "ok" : "FAILED").padEnd(8)}${words}`;
    return ["", "Capabilities of the archive, each checked at the server:", ...sorted.map(line), ""];
  }
}
