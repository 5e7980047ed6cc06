// One line for each test, the errors in full, and at the end the tables of the archive's capabilities and of the fault matrix, and
// the plain line `N passed, N failed`.

import type { FullResult, Reporter, TestCase, TestResult } from "@playwright/test/reporter";

import { Capabilities } from "./capabilities";
import { Matrix } from "./matrix";

export default class PlainReporter implements Reporter {
  private passed = 0;
  private failed = 0;
  private readonly capabilities = new Capabilities();
  private readonly matrix = new Matrix();

  onTestEnd(test: TestCase, result: TestResult) {
    const name = test.titlePath().slice(2).join(" › ");
    for (const table of [this.capabilities, this.matrix]) table.note(test.title, result.status === test.expectedStatus);
    const seconds = (result.duration / 1000).toFixed(1);
    const measured = test.annotations.filter(({ type }) => type === "measured");
    measured.forEach(({ description }) => console.log(`        ${description}`));
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
    for (const line of [...this.capabilities.lines(), ...this.matrix.lines()]) console.log(line);
    console.log(`${this.passed} passed, ${this.failed} failed`);
  }

  printsToStdio() {
    return true;
  }
}

function indented(text: string): string {
  return text.replace(/^/gm, "        ");
}
