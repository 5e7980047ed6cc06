// The rows of the fault matrix that passed, by the tests whose titles begin with their numbers; `fault-matrix.json` names all
// rows that a server causes, and why some are not done.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";

const { rows, notDone } = JSON.parse(readFileSync(resolve(import.meta.dirname, "fault-matrix.json"), "utf8")) as {
  rows: string[];
  notDone: Record<string, string>;
};

export class Matrix {
  private readonly outcomes = new Map<string, boolean>();

  /** Takes note of a test, if it is of a row: a row passes if all its tests do. */
  note(title: string, passed: boolean) {
    const row = /^F\d\d\b/.exec(title)?.[0];
    if (row) this.outcomes.set(row, passed && this.outcomes.get(row) !== false);
  }

  /** The summary; nothing if no test was of any row. */
  lines(): string[] {
    if (this.outcomes.size === 0) return [];
    const passed = rows.filter((row) => this.outcomes.get(row));
    const others = rows.filter((row) => !this.outcomes.get(row));
    const why = (row: string) => (this.outcomes.has(row) ? "failed" : (notDone[row] ?? "not run"));
    return [`fault matrix: ${passed.length} of ${rows.length} rows passed`, ...others.map((row) => `  ${row} ${why(row)}`)];
  }
}
