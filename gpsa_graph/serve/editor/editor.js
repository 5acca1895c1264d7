// The query editor of the SPARQL page: CodeMirror over the form that is already there. Without this file the form works as it is.
import {autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap} from "@codemirror/autocomplete";
import {defaultKeymap, history, historyKeymap, indentWithTab} from "@codemirror/commands";
import {bracketMatching, HighlightStyle, StreamLanguage, syntaxHighlighting} from "@codemirror/language";
import {sparql} from "@codemirror/legacy-modes/mode/sparql";
import {lintGutter, setDiagnostics} from "@codemirror/lint";
import {EditorState} from "@codemirror/state";
import {drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers, placeholder} from "@codemirror/view";
import {tags} from "@lezer/highlight";

const KEYWORDS = ("SELECT DISTINCT WHERE FILTER OPTIONAL UNION MINUS VALUES BIND AS GROUP BY ORDER ASC DESC HAVING LIMIT OFFSET ASK " +
  "CONSTRUCT DESCRIBE EXISTS NOT IN COUNT SUM AVG MIN MAX SAMPLE GROUP_CONCAT CONTAINS STRSTARTS LCASE STR LANG BOUND COALESCE IF " +
  "REGEX YEAR ROUND").split(" ");
const field = document.getElementById("query");
if (field) start(field);

function start(field) {
  let words = {prefixes: {}, schemes: [], things: [], terms: []};
  const lists = new Map();
  fetch("/sparql/words.json").then((answer) => answer.ok ? answer.json() : words).then((found) => { words = found; }).catch(() => {});

  const option = (term, prefix, boost) => ({
    label: `${prefix}:${term.name}`, detail: term.label, boost, type: term.class ? "class" : "property",
    info: () => {
      const box = document.createElement("div");
      box.textContent = term.about + (term.n ? ` (${term.n.toLocaleString("en")} times in the graph)` : "");
      return box;
    },
  });

  // Classes and properties with their definitions; properties of a class that the query names come first, as VoID counts them.
  function terms(prefix, text) {
    const named = new Set([...text.matchAll(/\ba\s+(\w+:\w+)/g)].map((m) => m[1]));
    return words.terms.filter((t) => t.prefix === prefix).map((t) => option(t, prefix, t.of.some((c) => named.has(c)) ? 2 : t.n ? 1 : 0));
  }

  // Ids of things: a small scheme is read whole, others are searched by name.
  async function ids(prefix, said) {
    const small = words.schemes.includes(prefix);
    if (!small && said.length < 2) return [];
    const address = small ? `/${prefix}.json` : `/search.json?kind=${prefix}&q=${encodeURIComponent(said.replaceAll("-", " "))}`;
    if (!lists.has(address)) {
      if (lists.size > 300) lists.clear();
      lists.set(address, fetch(address).then((answer) => answer.ok ? answer.json() : []).catch(() => []));
    }
    const found = await lists.get(address);
    return found.map((hit) => ({label: hit.id, detail: hit.label, type: "constant"}));
  }

  async function complete(context) {
    const text = context.state.doc.toString();
    const variable = context.matchBefore(/[?$]\w*/);
    if (variable) {
      const known = new Set([...text.matchAll(/[?$]\w+/g)].map((m) => m[0]));
      known.delete(variable.text);
      return {from: variable.from, options: [...known].map((label) => ({label, type: "variable"})), validFor: /^[?$]\w*$/};
    }
    const name = context.matchBefore(/[A-Za-z][\w-]*:[\w-]*/);
    if (name) {
      const [prefix, said] = name.text.split(":");
      if (words.things.includes(prefix) || words.schemes.includes(prefix)) {
        return {from: name.from, options: await ids(prefix, said), filter: words.schemes.includes(prefix)};
      }
      return {from: name.from, options: terms(prefix, text), validFor: /^[\w-]*:[\w-]*$/};
    }
    const word = context.matchBefore(/[A-Za-z][\w-]*/);
    if (!word && !context.explicit) return null;
    return {
      from: word ? word.from : context.pos,
      options: [
        ...KEYWORDS.map((label) => ({label, type: "keyword"})),
        ...Object.keys(words.prefixes).map((p) => ({label: `${p}:`, detail: words.prefixes[p], type: "namespace", boost: -1})),
      ],
      validFor: /^[\w-]*$/,
    };
  }

  const colours = HighlightStyle.define([
    {tag: tags.keyword, color: "#00639c", fontWeight: "600"}, {tag: [tags.string, tags.special(tags.string)], color: "#006b4f"},
    {tag: tags.variableName, color: "#8a3b00"}, {tag: tags.comment, color: "#5b626e", fontStyle: "italic"},
    {tag: [tags.number, tags.bool, tags.atom], color: "#7a2d7a"}, {tag: tags.operator, color: "#3b4048"},
  ]);
  const looks = EditorView.theme({
    "&": {fontSize: "14px", backgroundColor: "#fff", border: "1px solid #8f8a80", borderRadius: "8px", minHeight: "260px", maxHeight: "70vh"},
    "&.cm-focused": {outline: "2px solid #00639c", outlineOffset: "1px"},
    ".cm-scroller": {fontFamily: '"Noto Sans Mono", ui-monospace, Menlo, Consolas, monospace', lineHeight: "1.55", minHeight: "258px", overflow: "auto"},
    ".cm-gutters": {backgroundColor: "#f6f4ef", color: "#5b626e", border: "0", borderRadius: "8px 0 0 8px"},
    ".cm-activeLine": {backgroundColor: "#f4f8fb"},
    ".cm-tooltip": {border: "1px solid #d5d0c6", borderRadius: "8px", boxShadow: "0 8px 28px #0002", overflow: "hidden"},
    ".cm-tooltip-autocomplete ul li": {padding: "4px 10px"},
    ".cm-tooltip-autocomplete ul li[aria-selected]": {backgroundColor: "#e8f1f8", color: "#1d2129"},
    ".cm-completionDetail": {color: "#565d69", fontStyle: "normal"},
    ".cm-completionInfo": {padding: "8px 12px", maxWidth: "340px", fontFamily: "system-ui, sans-serif"},
  });

  const ask = () => { field.form.requestSubmit(); return true; };
  const host = document.createElement("div");
  host.className = "editor";
  field.after(host);
  // In a shadow root the styles of the editor are constructed, so that the page needs no exception in its policy.
  const root = host.attachShadow({mode: "open"});
  const view = new EditorView({
    root, parent: root,
    state: EditorState.create({
      doc: field.value,
      extensions: [
        lineNumbers(), history(), drawSelection(), highlightActiveLine(), bracketMatching(), closeBrackets(), lintGutter(), looks,
        StreamLanguage.define(sparql), syntaxHighlighting(colours), autocompletion({override: [complete], icons: false}),
        placeholder("SELECT ..."), EditorView.lineWrapping, EditorView.contentAttributes.of({"aria-label": "Query"}),
        keymap.of([{key: "Mod-Enter", run: ask}, ...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab]),
        EditorView.updateListener.of((update) => { if (update.docChanged) field.value = update.state.doc.toString(); }),
      ],
    }),
  });
  view.scrollDOM.tabIndex = 0; // what scrolls can be reached by keyboard
  field.hidden = true;
  document.querySelector('label[for="query"]')?.addEventListener("click", () => view.focus());
  const {line, column} = field.dataset;
  if (line && +line <= view.state.doc.lines) {
    const at = view.state.doc.line(+line), from = Math.min(at.from + +column - 1, at.to);
    view.dispatch(setDiagnostics(view.state, [{from, to: Math.min(from + 1, view.state.doc.length), severity: "error", message: field.dataset.fault}]));
  }
  window.__editor = view;
}
