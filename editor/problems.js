// What is wrong with the query: a wave under the place, the number of its line in red, the message under the line.

import { RangeSet, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, GutterMarker, WidgetType, gutterLineClass } from "@codemirror/view";

/** Replaces all problems by this list of `{ from, to, message }`. */
export const setProblems = StateEffect.define();

class Message extends WidgetType {
  constructor(text) {
    super();
    this.text = text;
  }

  eq(other) {
    return other.text === this.text;
  }

  toDOM() {
    // The editor measures heights without margins: the blank round the box is padding of a box round it.
    const space = document.createElement("div");
    space.className = "problem-space";
    const box = space.appendChild(document.createElement("div"));
    box.className = "problem-message";
    box.textContent = this.text;
    return space;
  }

  ignoreEvent() {
    return false;
  }
}

const badLine = new (class extends GutterMarker {
  elementClass = "problem-line";
})();

const wave = Decoration.mark({ class: "problem" });
const point = Decoration.line({ class: "problem-somewhere" });

function decorate(state, list) {
  const marks = [];
  const lines = [];
  for (const { from, to, message } of list) {
    const line = state.doc.lineAt(from);
    // An empty place gets a wave under the nearest character; an empty line is marked whole.
    let start = from;
    let end = Math.max(to, from);
    if (start === end) {
      if (end < line.to) end++;
      else if (start > line.from) start--;
    }
    marks.push(start < end ? wave.range(start, end) : point.range(line.from));
    if (message) marks.push(Decoration.widget({ widget: new Message(message), block: true, side: 1 }).range(line.to));
    lines.push(badLine.range(line.from));
  }
  return { marks: Decoration.set(marks, true), lines: RangeSet.of(lines, true) };
}

const field = StateField.define({
  create: () => ({ marks: Decoration.none, lines: RangeSet.empty }),
  update(value, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(setProblems)) return decorate(transaction.state, effect.value);
    }
    if (!transaction.docChanged) return value;
    return { marks: value.marks.map(transaction.changes), lines: value.lines.map(transaction.changes) };
  },
  provide: (self) => [
    EditorView.decorations.from(self, (value) => value.marks),
    gutterLineClass.from(self, (value) => value.lines),
    EditorView.contentAttributes.from(self, (value) => (value.marks.size > 0 ? { "aria-invalid": "true" } : {})),
  ],
});

export const problems = field;
