// The editor's looks: the page's tokens, which reach into a shadow root as custom properties.

import { EditorView } from "@codemirror/view";

export const theme = EditorView.theme({
  "&": {
    height: "100%",
    color: "var(--gx-text)",
    backgroundColor: "var(--gx-surface)",
    fontSize: "var(--gx-normal)",
  },
  "&.cm-focused": { outline: "none" },
  // Above the line numbers, which would cover an outline.
  "&.cm-focused::after": {
    content: "''",
    position: "absolute",
    inset: "0",
    zIndex: "301",
    border: "2px solid var(--gx-focus)",
    pointerEvents: "none",
  },
  ".cm-scroller": { fontFamily: "var(--gx-mono)", lineHeight: "20px", overflow: "auto" },
  ".cm-content": { padding: "8px 0", caretColor: "var(--gx-text)" },
  ".cm-line": { padding: "0 12px 0 8px" },
  ".cm-placeholder": { color: "var(--gx-faint)" },
  ".cm-cursor, .cm-dropCursor": { borderLeft: "2px solid var(--gx-accent)", marginLeft: "-1px" },
  ".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": {
    backgroundColor: "var(--gx-selection)",
  },
  ".cm-gutters": { color: "var(--gx-faint)", backgroundColor: "var(--gx-sunken)", borderRight: "1px solid var(--gx-line)" },
  ".cm-lineNumbers .cm-gutterElement": {
    minWidth: "32px",
    padding: "0 8px 0 8px",
    fontFamily: "var(--gx-mono)",
    fontVariantNumeric: "tabular-nums",
  },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--gx-accent) 5%, transparent)" },
  ".cm-activeLineGutter": { color: "var(--gx-text)", backgroundColor: "var(--gx-hover)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--gx-accent-soft)", outline: "1px solid var(--gx-accent)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--gx-bad-soft)", outline: "1px solid var(--gx-bad)" },
  ".adql-keyword": { color: "var(--gx-code-keyword)", fontWeight: "600" },
  ".adql-function": { color: "var(--gx-code-function)" },
  ".adql-string": { color: "var(--gx-code-string)" },
  ".adql-number": { color: "var(--gx-code-number)" },
  ".adql-comment": { color: "var(--gx-code-comment)", fontStyle: "italic" },
  ".adql-operator": { color: "var(--gx-code-operator)" },
  ".adql-error": { color: "var(--gx-bad)" },
  ".problem": {
    textDecoration: "underline wavy var(--gx-bad) 1px",
    textUnderlineOffset: "3px",
    textDecorationSkipInk: "none",
  },
  ".problem-somewhere": { backgroundColor: "var(--gx-bad-soft)" },
  ".problem-line.cm-gutterElement": { color: "var(--gx-bad)", fontWeight: "700" },
  ".problem-space": { padding: "2px 12px 4px 8px" },
  ".problem-message": {
    padding: "4px 8px",
    borderLeft: "3px solid var(--gx-bad)",
    borderRadius: "4px",
    backgroundColor: "var(--gx-bad-soft)",
    color: "var(--gx-text)",
    font: "var(--gx-small) / 16px var(--gx-font)",
    whiteSpace: "pre-wrap",
    overflowWrap: "anywhere",
  },
});
