/** A dataset as pictures: what was left of its rows at each stage, and how long its documents are. */

import { html } from "../vendor/preact.js";
import { reasonName } from "./dataset_parts.js";
import { number } from "./format.js";
import { t } from "./words.js";

const WIDE = 100, HIGH = 40;
/** Bars that there is room for at least, so that a few are not as wide as a house. */
const ROOM = 7;

/**
 * Rows that came in, those that went at each stage and why, and what is left.
 * @param {{funnel: {entered: number, kept: number, waiting: number, dropped: Array<{stage: string, reason: string, rows: number}>}}} props
 */
export function Funnel({ funnel }) {
  let left = funnel.entered;
  const steps = [{ name: t("datasets.funnel_in"), left, kind: "in" }];
  for (const { stage, reason, rows } of funnel.dropped) {
    left -= rows;
    steps.push({ name: reasonName(reason), stage: t(`datasets.stage_${stage}`), gone: rows, left });
  }
  if (funnel.waiting) {
    left -= funnel.waiting;
    steps.push({ name: t("datasets.funnel_waiting"), gone: funnel.waiting, left, kind: "waiting" });
  }
  steps.push({ name: t("datasets.funnel_out"), left: funnel.kept, kind: "out" });
  const share = (n) => `${(100 * n) / Math.max(1, funnel.entered)}%`;
  return html`<figure class="picture funnel"><figcaption>${t("datasets.funnel")}</figcaption>
    <table><thead class="visually-hidden"><tr><th scope="col">${t("datasets.funnel_step")}</th><th scope="col">${t("datasets.funnel_left")}</th><th scope="col">${t("datasets.funnel_gone")}</th></tr></thead>
    <tbody>${steps.map((step) => html`<tr data-kind=${step.kind ?? "drop"}><th scope="row">${step.name}${step.stage && html` <small>${step.stage}</small>`}</th>
      <td class="funnel-room"><span class="funnel-bar"><span class="funnel-left" style=${{ inlineSize: share(step.left) }} />
        ${step.gone > 0 && html`<span class="funnel-gone" style=${{ inlineSize: share(step.gone) }} />`}</span></td>
      <td>${step.gone ? `−${number(step.gone)}` : number(step.left)}</td></tr>`)}</tbody></table></figure>`;
}

/**
 * How many documents are how long.
 * @param {{lengths: {edges: number[], counts: number[]}}} props
 */
export function Lengths({ lengths: { edges, counts } }) {
  const most = Math.max(1, ...counts), wide = WIDE / Math.max(ROOM, counts.length);
  const left = (WIDE - counts.length * wide) / 2;
  const said = counts.map((n, i) => t("datasets.lengths_bar", { n: number(n), from: number(edges[i]), to: number(edges[i + 1] - 1) }));
  return html`<figure class="picture lengths"><figcaption>${t("datasets.lengths")}</figcaption>
    ${counts.length === 0 ? html`<p class="quiet">${t("datasets.lengths_none")}</p>` : html`
    <svg viewBox="0 0 ${WIDE} ${HIGH}" preserveAspectRatio="none" role="img" aria-label=${t("datasets.lengths")}>
      ${counts.map((n, i) => html`<g><title>${said[i]}</title><rect class="hit" x=${left + i * wide} y="0" width=${wide} height=${HIGH} />
        <rect class="bar" x=${left + i * wide + wide * 0.06} y=${HIGH * (1 - n / most)} width=${wide * 0.88} height=${(HIGH * n) / most} /></g>`)}</svg>
    <p class="axis" style=${{ paddingInline: `${left}%` }}><span>${number(edges[0])}</span>${counts.length > 1 && html`<span>${number(edges.at(-1) - 1)}</span>`}</p>
    <p class="axis unit"><span>${t("datasets.lengths_unit")}</span></p>
    <ul class="visually-hidden">${said.map((text) => html`<li>${text}</li>`)}</ul>`}</figure>`;
}
