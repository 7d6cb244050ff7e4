/** Two texts compared: how one became the other, above both scorecards. */

import { html, render, useState } from "../vendor/preact.js";
import { Diff } from "./diff.js";
import { Trouble } from "./parts.js";
import { Scorecard } from "./scorecard.js";
import { t } from "./words.js";

function Comparison({ value }) {
  const [beside, setBeside] = useState(false);
  if (value.problem) return html`<${Trouble} problem=${value.problem} />`;
  const ways = [[false, t("evaluate.inline")], [true, t("evaluate.beside")]];
  const changed = value.pieces.some((piece) => piece.op !== "equal");
  return html`<div class="comparison">
    <section class="difference" aria-label=${t("evaluate.difference")}><header><h2>${t("evaluate.difference")}</h2><p>${value.summary}</p>
      ${changed && html`<span class="ways" role="group" aria-label=${t("evaluate.difference")}>${ways.map(([way, label]) => html`
        <button type="button" class="button" aria-pressed=${beside === way} onclick=${() => setBeside(way)}>${label}</button>`)}</span>`}</header>
      ${value.large && html`<p>${value.large}</p>`}
      ${changed && html`<${Diff} pieces=${value.pieces} beside=${beside} />`}</section>
    <div class="both">${value.cards.map((card) => html`<${Scorecard} card=${card} />`)}</div></div>`;
}

/**
 * Draw a comparison or a problem; nothing without a value.
 * @param {Element} element
 * @param {object|null} value as `ui/handlers/evaluate.py` makes it
 */
export function show(element, value) {
  render(value ? html`<${Comparison} value=${value} />` : null, element);
}
