/** The outline with where each section stands. */

import { html } from "../vendor/preact.js";
import { number } from "./format.js";
import { pure } from "./pure.js";
import { t } from "./words.js";

/** @param {{sections: object[], parts: object[], notes: Map, chosen: string, unit: string, onShow: (key: string) => void}} props */
export function Tree({ sections, parts, notes, chosen, unit, onShow }) {
  const heads = new Map(parts.filter((part) => part.sections.length > 1).map((part) => [part.sections[0].key, part.heading]));
  return html`<ol class="tree">${sections.map((section) => html`
    ${heads.has(section.key) && html`<li class="tree-part">${heads.get(section.key)}</li>`}
    <${Leaf} key=${section.key} section=${section} note=${notes.get(section.key) ?? null} here=${chosen === section.key} unit=${unit} onShow=${onShow} />`)}</ol>`;
}

const Leaf = pure(({ section, note, here, unit, onShow }) => {
  const open = (note?.findings ?? []).filter((each) => each.severity !== "note").length;
  const state = note?.stale ? "stale" : section.status;
  return html`<li><button type="button" data-key=${section.key} aria-current=${here ? "true" : undefined} onclick=${() => onShow(section.key)}>
    <span class="tree-heading">${section.heading}</span>
    <span class="tree-facts"><span data-state=${state} class="dot" title=${t(`shared.state_${state}`)} />
      <span>${number(section.words)} / ${number(section.target)}</span>
      ${open > 0 && html`<span class="count">${t("review.n_findings", { n: open })}</span>`}
      <span class="visually-hidden">${t(`shared.${unit}`)}, ${t(`shared.state_${state}`)}</span></span></button></li>`;
});
