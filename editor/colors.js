// Colors for the tokens of the query, as the page's own lexer cuts it.

import { RangeSetBuilder } from "@codemirror/state";
import { Decoration, EditorView, ViewPlugin } from "@codemirror/view";

/** Above this length nothing is colored: the whole text is cut into tokens at every key. */
const COLORED_LENGTH = 200_000;

/** `tokens(text)` gives start, end and kind of each token; `classes[kind]` its class, empty for none. */
export function colors(tokens, classes) {
  const marks = classes.map((name) => (name ? Decoration.mark({ class: name }) : null));
  const paint = (state) => {
    const builder = new RangeSetBuilder();
    if (state.doc.length > COLORED_LENGTH) return builder.finish();
    const found = tokens(state.doc.toString());
    for (let i = 0; i + 2 < found.length; i += 3) {
      const mark = marks[found[i + 2]];
      if (mark) builder.add(found[i], found[i + 1], mark);
    }
    return builder.finish();
  };
  return ViewPlugin.define(
    (view) => ({
      marks: paint(view.state),
      update(update) {
        if (update.docChanged) this.marks = paint(update.state);
      },
    }),
    { decorations: (plugin) => plugin.marks },
  );
}
