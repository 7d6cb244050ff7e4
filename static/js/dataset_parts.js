/** What the pages about datasets share: the state, the bar of outcomes, reasons in words. */

import { html } from "../vendor/preact.js";
import { number } from "./format.js";
import { Chip } from "./parts.js";
import { has, t } from "./words.js";

/** Outcomes in the order of the bar. */
export const OUTCOMES = ["done", "rejected", "failed", "begun", "queued"];
const LOOKS = { working: "writing", stopping: "unfinished", stopped: "cancelled", queued: "waiting" };

/** In which state a dataset is. */
export function Standing({ status }) {
  return html`<${Chip} state=${LOOKS[status] ?? status}>${t(`datasets.status_${status}`)}<//>`;
}

/**
 * How many rows have come to which end, as one bar; with `legend`, the numbers below it.
 * @param {{counts: Object<string, number>, legend?: boolean}} props
 */
export function Outcomes({ counts, legend = false }) {
  const shown = OUTCOMES.filter((name) => counts[name] > 0);
  const said = shown.map((name) => `${t(`datasets.rows_${name}`)} ${number(counts[name])}`).join(", ");
  return html`<div class="outcomes"><span class="outcomes-bar" role="img" aria-label=${said}>${shown.map((name) => html`
      <span data-outcome=${name} style=${{ flexGrow: counts[name] }} />`)}</span>
    ${legend && html`<ul class="outcomes-legend">${shown.map((name) => html`<li data-outcome=${name}>
      ${t(`datasets.rows_${name}`)} <strong>${number(counts[name])}</strong></li>`)}</ul>`}</div>`;
}

/** Why a line or a text is no data. */
export const reasonName = (reason) => (has(`datasets.reason_${reason}`) ? t(`datasets.reason_${reason}`) : reason.replaceAll("_", " "));

/** A figure with what it means. */
export function Figure({ name, value, id }) {
  return html`<div><dt>${name}</dt><dd id=${id}>${value}</dd></div>`;
}
