/** All sections at a glance: one small cell each, which leads to the section. */

import { html } from "../vendor/preact.js";
import { length } from "./format.js";
import { pure } from "./pure.js";
import { t } from "./words.js";
import { useSection } from "./live.js";

/** Go to a section's text. */
export function showSection(key) {
  const place = document.getElementById(`section-${key}`);
  place?.scrollIntoView({ block: "start" });
  place?.focus({ preventScroll: true });
}

/** A section's state as people are told it, once it is clear whether anybody works on it. */
export function stateOf(section, phase) {
  const waits = section.state === "planned" || section.state === "writing";
  const resting = ["paused", "cancelled", "failed", "interrupted"].includes(phase);
  return waits && resting && section.state === "writing" ? "unfinished" : section.state;
}

export function Overview({ live }) {
  const { unit, phase } = live.facts;
  return html`<nav class="overview" aria-label=${t("writing.sections")}><ol>${live.order.map((key) =>
    html`<${Cell} key=${key} id=${key} live=${live} unit=${unit} phase=${phase} />`)}</ol></nav>`;
}

const Cell = pure(({ id, live, unit, phase }) => {
  const section = useSection(live, id);
  const state = stateOf(section, phase);
  const name = t("writing.cell", { key: id, heading: section.headings.at(-1)?.[1] ?? "",
    state: t(`shared.state_${state}`), length: length(section.words, unit, section.target) });
  const share = section.target ? Math.min(1, section.words / section.target) : 0;
  return html`<li><button type="button" data-key=${id} data-state=${state} aria-label=${name} title=${name} onclick=${() => showSection(id)}>
    <span class="fill" style=${{ blockSize: `${share * 100}%` }} /><span class="cell-key">${id}</span></button></li>`;
});
