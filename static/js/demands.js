/** The field of what must be in a text and what must not: a row each, or the lines that say the same. */

import { html, render, useEffect, useLayoutEffect, useRef, useState } from "../vendor/preact.js";
import { send } from "./api.js";
import { Button, Trouble } from "./parts.js";
import { t } from "./words.js";
import { KINDS, OFTEN, PLACES, SORTS, blank, lineOf, linesOf, rowOf } from "./demand_line.js";

const MOST = 200;
const LONGEST = 500;
/** Milliseconds without typing, after which a row is read. */
const PAUSE = 400;

/** Lines as the server reads them, in their order. */
async function read(lines) {
  const given = lines.map((line) => line.trim().slice(0, 800)).filter(Boolean).slice(0, MOST);
  return given.length ? (await send("POST", "/demands/read", { lines: given })).demands : [];
}

function Choice({ name, label, value, among, onChoose }) {
  return html`<select name=${name} aria-label=${label} value=${value} onchange=${(event) => onChoose(event.target.value)}>
    ${among.map(([each, said]) => html`<option value=${each}>${said}</option>`)}</select>`;
}

function Count({ name, label, value, onChoose }) {
  return html`<input type="number" name=${name} aria-label=${label} min="1" max="1000" value=${value}
    oninput=${(event) => event.target.checkValidity() && event.target.value && onChoose(Number(event.target.value))} />`;
}

/** What is meant: words, or for what is counted one of the sorts. */
function What({ row, change, onMore, onPaste }) {
  if (row.kind === "count") {
    return html`<${Choice} name="demand-sort" label=${t("demands.what")} value=${row.text}
      among=${SORTS.map((sort) => [sort, t(`demands.sort_${sort.replace(" ", "_")}`)])} onChoose=${(text) => change({ text })} />`;
  }
  return html`<input name="demand-text" class="demand-text" aria-label=${t("demands.what")} maxlength=${LONGEST} value=${row.text}
    placeholder=${t(`demands.hint_${row.kind}`)} oninput=${(event) => change({ text: event.target.value })} onpaste=${onPaste}
    onkeydown=${(event) => event.key === "Enter" && !event.isComposing && row.text.trim() && onMore()} />`;
}

function Often({ row, change }) {
  const first = row.often === "most" ? "most" : "least";
  return html`<span class="demand-part"><${Choice} name="demand-often" label=${t("demands.often")} value=${row.often}
      among=${OFTEN.map((each) => [each, t(`demands.often_${each}`)])} onChoose=${(often) => change({ often })} />
    <${Count} name="demand-times" label=${t("demands.times")} value=${row[first]} onChoose=${(n) => change({ [first]: n })} />
    ${row.often === "between" && html`<span>${t("demands.to")}</span>
      <${Count} name="demand-most" label=${t("demands.times_most")} value=${row.most} onChoose=${(most) => change({ most })} />`}
    <span>${t("demands.times_after")}</span></span>`;
}

function Where({ row, change }) {
  return html`<span class="demand-part"><${Choice} name="demand-where" label=${t("demands.where")} value=${row.where}
      among=${PLACES.map((each) => [each, t(`demands.where_${each}`)])} onChoose=${(where) => change({ where })} />
    ${row.where === "every" && html`<${Count} name="demand-every" label=${t("demands.where_every")} value=${row.every}
      onChoose=${(every) => change({ every })} />`}
    ${row.where === "range" && html`<${Count} name="demand-from" label=${t("demands.from")} value=${row.from} onChoose=${(from) => change({ from })} />
      <span>${t("demands.to")}</span><${Count} name="demand-to" label=${t("demands.until")} value=${row.to} onChoose=${(to) => change({ to })} />`}
    ${row.where === "other" && html`<input name="demand-place" aria-label=${t("demands.where_other")} maxlength="200" value=${row.place}
      placeholder="sections 2-5" oninput=${(event) => change({ place: event.target.value })} />`}</span>`;
}

function Row({ row, onChange, onRemove, onMore, onPaste }) {
  const change = (some) => onChange({ ...row, ...some, line: null, problem: null });
  const kind = (next) => {
    const text = next === "count" ? SORTS.find((sort) => sort === row.text) ?? SORTS[0] : row.kind === "count" ? "" : row.text;
    change({ kind: next, text, exact: next !== "count" && row.exact });
  };
  return html`<li class="demand" data-kind=${row.kind}>
    <div class="demand-said"><${Choice} name="demand-kind" label=${t("demands.kind")} value=${row.kind}
        among=${KINDS.map((each) => [each, t(`demands.kind_${each}`)])} onChoose=${kind} />
      <${What} row=${row} change=${change} onMore=${onMore} onPaste=${onPaste} />
      <button type="button" class="quiet-button" aria-label=${t("demands.remove", { what: row.text })} onclick=${onRemove}>×</button></div>
    ${row.text && html`<div class="demand-more">
      ${row.kind !== "forbid" && html`<${Often} row=${row} change=${change} />`}
      <${Where} row=${row} change=${change} />
      ${row.kind !== "count" && html`<label class="demand-part"><input type="checkbox" name="demand-exact" checked=${row.exact}
        onchange=${(event) => change({ exact: event.target.checked })} /> ${t("demands.exact")}</label>`}</div>`}
    <${Trouble} problem=${row.problem} /></li>`;
}

/**
 * The rows of the lines that the form has; what is typed into them is told as lines at once.
 * There are none until the lines are read: what is typed meanwhile would take their place.
 */
function useRows(value, wanted, onChange) {
  const [state, setState] = useState({ rows: [blank()], problem: null });
  const own = useRef("");
  const echoes = useRef([]); // told, and not yet come back: what comes late must not undo later keys
  const turn = useRef(0);
  const tell = (rows) => {
    const lines = linesOf(rows);
    if (lines !== own.current) echoes.current.push(lines);
    own.current = lines;
    onChange(lines);
  };
  useEffect(() => {
    const known = echoes.current.indexOf(value);
    echoes.current.splice(0, known + 1); // those before it were skipped
    if (known >= 0 || value === own.current) return;
    echoes.current = [];
    const mine = ++turn.current; // what is still being read no longer counts
    if (!wanted) return;
    own.current = value;
    setState({ rows: null, problem: null });
    read(value.split("\n")).then((found) => {
      if (mine === turn.current) setState({ rows: found.length ? found.map(rowOf) : [blank()], problem: null });
    }, (problem) => {
      own.current = null;
      if (mine === turn.current) setState({ rows: null, problem });
    });
  }, [value, wanted]);
  const settle = async (rows, mine) => {
    const fresh = rows.filter((row) => row.line === null && lineOf(row));
    if (!fresh.length) return;
    try {
      const found = await read(fresh.map(lineOf));
      if (mine !== turn.current) return;
      const told = new Map(fresh.map((row, at) => [row.id, found[at]]));
      const settled = rows.map((row) => (told.has(row.id) ? settledRow(row, told.get(row.id)) : row));
      setState({ rows: settled, problem: null });
      tell(settled);
    } catch (problem) { if (mine === turn.current) setState((old) => ({ ...old, problem })); }
  };
  const put = (rows) => {
    const mine = ++turn.current;
    setState({ rows, problem: null });
    tell(rows);
    setTimeout(() => mine === turn.current && settle(rows, mine), PAUSE);
  };
  return { ...state, put };
}

/** What was typed stays as it is; only its line is the server's. */
const settledRow = (row, { line, problem, remedy }) =>
  ({ ...row, line, problem: problem ? { detail: problem, remedy } : null });

function Field({ value, onChange }) {
  const [asLines, setAsLines] = useState(false);
  const { rows, problem, put } = useRows(value, !asLines, onChange);
  const list = useRef(null);
  const added = useRef(false);
  const more = () => {
    added.current = true;
    put([...rows, blank()]);
  };
  useLayoutEffect(() => { // before anybody can type: later, a key would go to the row before
    if (added.current) list.current?.querySelector("li:last-child [name=demand-text]")?.focus();
    added.current = false;
  }, [rows]);
  const paste = (event) => {
    const lines = event.clipboardData.getData("text");
    if (!lines.trim().includes("\n")) return;
    event.preventDefault();
    onChange([linesOf(rows), lines.trim()].filter(Boolean).join("\n"));
  };
  return html`<section class="demands-field" aria-label=${t("demands.title")}>
    <p class="demands-head"><span>${t("demands.title")}</span>
      <button type="button" class="quiet-button" aria-pressed=${asLines} onclick=${() => setAsLines(!asLines)}>${t(asLines ? "demands.as_rows" : "demands.as_lines")}</button></p>
    ${asLines || !rows ? html`<textarea name="demand-lines" rows="4" aria-label=${t("demands.title")} value=${value}
        oninput=${(event) => onChange(event.target.value)} /><p class="hint">${t("demands.lines_hint")}</p>`
      : html`<ul class="demand-rows" ref=${list}>${rows.map((row) => html`<${Row} key=${row.id} row=${row} onMore=${more} onPaste=${paste}
          onChange=${(next) => put(rows.map((each) => (each.id === row.id ? next : each)))}
          onRemove=${() => put(rows.length > 1 ? rows.filter((each) => each.id !== row.id) : [blank()])} />`)}</ul>
        <p><${Button} disabled=${rows.length >= MOST} onclick=${more}>${t("demands.add")}<//></p>`}
    <${Trouble} problem=${problem} /></section>`;
}

/**
 * @param {Element} element where to draw
 * @param {(value: string) => void} tell the lines
 * @returns {(value: string) => void} shows the value that the form has
 */
export function mount(element, tell) {
  const show = (value) => render(html`<${Field} value=${typeof value === "string" ? value : ""} onChange=${tell} />`, element);
  return show;
}
