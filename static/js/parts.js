/** The small parts that all islands are made of. */

import { html, render, useEffect, useRef, useState } from "../vendor/preact.js";
import { length, number } from "./format.js";
import { said, t } from "./words.js";

/** A button; `busy` shows that its work is under way and takes no second click. */
export function Button({ kind = "", busy = false, disabled = false, children, ...rest }) {
  return html`<button type="button" class=${`button ${kind}`} disabled=${disabled || busy}
    aria-busy=${busy} ...${rest}>${busy && html`<span class="spinner" aria-hidden="true" />`}${children}</button>`;
}

/** A state in a word, with a colour of its own and a sign for those who do not see colours. */
export function Chip({ state, children }) {
  return html`<span class="chip" data-state=${state}>${children}</span>`;
}

/** How far a length has come towards its target. */
export function Meter({ value, target, unit, label = "" }) {
  const share = target ? Math.min(1, value / target) : 0;
  const text = length(value, unit, target);
  return html`<span class="meter" role="meter" aria-valuemin="0" aria-valuemax=${target}
    aria-valuenow=${Math.min(value, target)} aria-valuetext=${text} aria-label=${label || t("shared.length")}>
    <span class="meter-bar"><span style=${{ inlineSize: `${share * 100}%` }} /></span>
    <span class="meter-text">${text}</span></span>`;
}

/** How many pieces of the sources are read, of how many. */
export function ReadSoFar({ reading: [done, of] }) {
  return html`<span class="read-so-far">${t("sources.read_of", { done: number(done), of: number(of) })}</span>`;
}

/** What went wrong, and what can be done about it; draws nothing without a problem. */
export function Trouble({ problem, onRetry }) {
  if (!problem) return null;
  return html`<div class="trouble" role="alert"><strong>${said(problem.detail || problem.message)}</strong>
    ${problem.remedy && html`<span>${said(problem.remedy)}</span>`}
    ${onRetry && html`<${Button} onclick=${onRetry}>${t("shared.try_again")}<//>`}</div>`;
}

/** Why a run stands still, and what can be done about it; empty where it does not. */
export const whyOf = (run) => [run.reason, run.remedy].filter(Boolean).map(said).join(" · ");

/** A place where there is nothing yet: what it is for, and what to do next. */
export function Empty({ title, children }) {
  return html`<div class="empty"><h2>${title}</h2>${children}</div>`;
}

/** A dialog over the page; the keyboard stays in it, Escape closes it. */
export function Dialog({ title, onClose, children }) {
  const box = useRef(null);
  useEffect(() => {
    box.current.showModal();
    return () => box.current?.close();
  }, []);
  return html`<dialog ref=${box} class="dialog" aria-label=${title} oncancel=${onClose}
    onclose=${onClose} onclick=${(event) => event.target === box.current && onClose()}>
    <div class="dialog-body"><header><h2>${title}</h2>
      <button type="button" class="close" aria-label=${t("shared.close")} onclick=${onClose}>×</button></header>
      ${children}</div></dialog>`;
}

/** A button that opens a short list of actions: `[{label, onclick, kind?, disabled?}]`. */
export function Menu({ label, actions, children = "⋯" }) {
  const [open, setOpen] = useState(false);
  const box = useRef(null);
  useEffect(() => {
    if (!open) return undefined;
    box.current.querySelector("[role=menuitem]")?.focus();
    const away = (event) => box.current?.contains(event.target) || setOpen(false);
    addEventListener("pointerdown", away);
    return () => removeEventListener("pointerdown", away);
  }, [open]);
  const key = (event) => {
    const items = [...box.current.querySelectorAll("[role=menuitem]:not(:disabled)")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) items[(items.indexOf(document.activeElement) + step + items.length) % items.length]?.focus();
    else if (event.key === "Escape") { setOpen(false); box.current.querySelector("button").focus(); }
    else return;
    event.preventDefault();
  };
  return html`<span class="menu" ref=${box} onkeydown=${open ? key : undefined}>
    <button type="button" class="menu-button" aria-haspopup="menu" aria-expanded=${open} aria-label=${label}
      title=${label} onclick=${() => setOpen(!open)}>${children}</button>
    ${open && html`<span class="menu-list" role="menu" aria-label=${label}>
      ${actions.map((each) => html`<button type="button" role="menuitem" class=${each.kind ?? ""} disabled=${each.disabled}
        onclick=${() => { setOpen(false); each.onclick(); }}>${each.label}</button>`)}</span>`}</span>`;
}

/**
 * Tell something in passing, at the page's edge; `action` may take it back.
 * @param {string} text
 * @param {{label: string, onclick: () => void}} [action]
 */
export function tell(text, action) {
  const place = document.getElementById("told") ?? toldPlace();
  const note = document.createElement("div");
  note.className = "told-note";
  const done = () => note.remove();
  render(html`<span>${text}</span>${action && html`<${Button} kind="quiet"
    onclick=${() => { done(); action.onclick(); }}>${action.label}<//>`}`, note);
  place.append(note);
  setTimeout(done, action ? 10_000 : 5_000);
}

function toldPlace() {
  const place = document.createElement("div");
  place.id = "told";
  place.className = "island";
  place.setAttribute("role", "status");
  document.body.append(place);
  return place;
}

/**
 * Load something for a component, anew when `watched` changes.
 * @returns {{value: any, problem: Error|null, reload: () => Promise<void>}}
 */
export function useLoaded(load, watched) {
  const [state, setState] = useState({ value: null, problem: null });
  const turn = useRef(0);
  const reload = async () => {
    const mine = ++turn.current;
    try {
      const value = await load();
      if (mine === turn.current) setState({ value, problem: null });
    } catch (problem) {
      if (mine === turn.current) setState((old) => ({ ...old, problem }));
    }
  };
  useEffect(() => { reload(); return () => { turn.current++; }; }, watched);
  return { ...state, reload };
}
