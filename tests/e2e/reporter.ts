// One line for each test, the errors in full, and at the end the table of the archive's documented capabilities (tests whose
// titles begin with a section's number, or with `DataLink`) and the plain line `N passed, N failed`.

import type { FullResult, Reporter, TestCase, TestResult } from "@playwright/test/reporter";

export default class PlainReporter implements Reporter {
  private passed = 0;
  private failed = 0;
  /** Title and whether it went well, of the tests of documented capabilities. */
  private capabilities: [title: string, ok: boolean][] = [];

  onTestEnd(test: TestCase, result: TestResult) {
    const name = test.titlePath().slice(2).join(" › ");
    if (/^(\d+\.\d+|DataLink) /.test(test.title)) this.capabilities.push([test.title, result.status === test.expectedStatus]);
    const seconds = (result.duration / 1000).toFixed(1);
    if (result.status === test.expectedStatus) {
      this.passed += 1;
      console.log(`ok      ${name} (${seconds} s)`);
      return;
    }
    this.failed += 1;
    console.log(`FAILED  ${name} (${seconds} s)`);
    for (const error of result.errors) {
      console.log(indented(error.stack ?? error.message ?? String(error.value)));
    }
    for (const attachment of result.attachments) {
      if (attachment.path) console.log(`        ${attachment.name}: ${attachment.path}`);
    }
  }

  onError(error: { stack?: string; message?: string }) {
    this.failed += 1;
    console.log(indented(error.stack ?? error.message ?? "an error outside of any test"));
  }

  onEnd(_result: FullResult) {
    if (this.capabilities.length > 0) {
      const parts = (title: string) => /^(\S+) (.*)$/.exec(title)!.slice(1);
      const order = new Intl.Collator("en", { numeric: true });
      console.log("\nCapabilities of the archive, each checked at the server:");
      for (const [title, ok] of this.capabilities.sort(([a], [b]) => order.compare(a, b))) {
        const [section, words] = parts(title);
        console.log(`  ${section.padEnd(9)}${(ok ? "ok" : "FAILED").padEnd(8)}${words}`);
      }
      console.log("");
    }
    console.log(`${this.passed} passed, ${this.failed} failed`);
  }

  printsToStdio() {
    return true;
  }
}

function indented(text: string): string {
  return text.replace(/^/gm, "        ");
}
