import { PostgreSQL, sql } from "@codemirror/lang-sql";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import classes from "./SqlView.module.css";

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--code-keyword)", fontWeight: "600" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
  { tag: tags.comment, color: "var(--code-comment)", fontStyle: "italic" },
  { tag: tags.typeName, color: "var(--code-type)" },
]);

const look = EditorView.theme({
  "&": { height: "100%", fontSize: "12px", color: "var(--text)", background: "transparent" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--font-code)", lineHeight: "1.6" },
  ".cm-content": { padding: "10px 12px 10px 0", caretColor: "transparent" },
  ".cm-gutters": {
    background: "transparent",
    border: "none",
    color: "var(--faint)",
    paddingInlineEnd: "8px",
  },
});

type SqlViewProps = {
  /** Statements as they will be sent. */
  text: string;
  label?: string;
  /** Commands of a shell, which no colours of SQL fit. */
  plain?: boolean;
};

/** SQL to read and copy, never to edit: what is shown is what is sent. */
export function SqlView({ text, label, plain = false }: SqlViewProps) {
  const { t } = useTranslation();
  const host = useRef<HTMLDivElement>(null);
  const name = label ?? t("sql.label");
  useEffect(() => {
    if (!host.current) return;
    const view = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: text,
        extensions: [
          EditorState.readOnly.of(true),
          // Keeps the text in the tab order and selectable from the keyboard without being editable.
          EditorView.editable.of(false),
          EditorView.contentAttributes.of({
            tabindex: "0",
            "aria-label": name,
            role: "textbox",
            "aria-readonly": "true",
            "aria-multiline": "true",
          }),
          EditorView.lineWrapping,
          lineNumbers(),
          ...(plain ? [] : [sql({ dialect: PostgreSQL }), syntaxHighlighting(colours)]),
          look,
        ],
      }),
    });
    return () => view.destroy();
  }, [text, name, plain]);
  return <div ref={host} className={classes.sql} />;
}
