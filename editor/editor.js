// The ADQL editor: CodeMirror 6 in a shadow root, so that its styles are adopted sheets and a strict CSP holds.
//
// It knows text, offsets in UTF-16 units and callbacks. What a token is and what is wrong with a query it is told.

import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, indentUnit } from "@codemirror/language";
import { Annotation, EditorState, Prec } from "@codemirror/state";
import {
  EditorView,
  drawSelection,
  dropCursor,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  placeholder,
} from "@codemirror/view";

import { colors } from "./colors.js";
import { problems, setProblems } from "./problems.js";
import { theme } from "./theme.js";

/** Marks a change that the page made, so that it is not told to the page. */
const fromOutside = Annotation.define();

/**
 * Puts an editor into `host`.
 *
 * options: `text`, `label`, `description`, `placeholder`, `classes` (a class for each kind of token),
 * `tokens(text)` → Uint32Array of start, end, kind; `changed(text)`; `run()`.
 */
export function create(host, options) {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open", delegatesFocus: true });
  const view = new EditorView({
    root,
    parent: root,
    doc: options.text,
    extensions: [
      Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => (options.run(), true) }])),
      lineNumbers(),
      highlightSpecialChars(),
      history(),
      drawSelection(),
      dropCursor(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      bracketMatching(),
      indentUnit.of("  "),
      EditorState.tabSize.of(2),
      EditorState.languageData.of(() => [{ commentTokens: { line: "--" } }]),
      keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({
        "aria-label": options.label,
        "aria-description": options.description,
        spellcheck: "false",
        autocorrect: "off",
        autocapitalize: "off",
      }),
      placeholder(options.placeholder),
      typeOver,
      colors(options.tokens, options.classes),
      problems,
      theme,
      EditorView.updateListener.of((update) => {
        if (update.docChanged && !update.transactions.some((change) => change.annotation(fromOutside))) {
          options.changed(update.state.doc.toString());
        }
      }),
    ],
  });

  return {
    /** Replaces the text by what differs, so that the cursor stays where it can. */
    setText(text) {
      const now = view.state.doc.toString();
      if (now === text) return;
      view.dispatch({ changes: difference(now, text), annotations: fromOutside.of(true) });
    },
    /** Puts `text` in place of the selection, with blanks where words would run together, and takes the focus. */
    insert(text) {
      const { from, to } = view.state.selection.main;
      const before = view.state.sliceDoc(Math.max(0, from - 1), from);
      const after = view.state.sliceDoc(to, to + 1);
      const words = (/[\w"]/.test(before) ? " " : "") + text + (/[\w"]/.test(after) ? " " : "");
      view.dispatch(view.state.replaceSelection(words), { scrollIntoView: true, userEvent: "input" });
      view.focus();
    },
    /** Shows these problems: `[{ from, to, message }]`. */
    setProblems(list) {
      const length = view.state.doc.length;
      const inside = list.map(({ from, to, message }) => ({
        from: Math.min(from, length),
        to: Math.min(Math.max(from, to), length),
        message,
      }));
      view.dispatch({ effects: setProblems.of(inside) });
    },
    select(from, to) {
      view.dispatch({ selection: { anchor: from, head: to }, scrollIntoView: true });
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}

/**
 * Typing over marked text is done here and not by the browser: it would keep the weight and color of what was there in a
 * style attribute, which a strict CSP refuses and reports.
 */
const typeOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    if (event.inputType !== "insertText" || event.data === null || event.isComposing || view.composing) return false;
    const [from, to] = marked(view);
    if (from === to || view.state.selection.ranges.length > 1) return false;
    event.preventDefault();
    view.dispatch({
      changes: { from, to, insert: view.state.toText(event.data) },
      selection: { anchor: from + event.data.length },
      userEvent: "input.type",
      scrollIntoView: true,
    });
    return true;
  },
});

/** Start and end of the marked text; the browser is asked first, for the editor may not have heard of it yet. */
function marked(view) {
  const selection = view.root.getSelection?.();
  const { anchorNode, anchorOffset, focusNode, focusOffset } = selection ?? {};
  if (anchorNode && view.contentDOM.contains(anchorNode) && view.contentDOM.contains(focusNode)) {
    const ends = [view.posAtDOM(anchorNode, anchorOffset), view.posAtDOM(focusNode, focusOffset)];
    return [Math.min(...ends), Math.max(...ends)];
  }
  const { from, to } = view.state.selection.main;
  return [from, to];
}

/** The one change that makes `before` to `after`: what is alike at both ends stays. */
function difference(before, after) {
  let start = 0;
  const shorter = Math.min(before.length, after.length);
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}
