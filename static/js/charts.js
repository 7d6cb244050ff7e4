/** Charts as SVG, with the same figures as a table for those who do not see them. */

import { html } from "../vendor/preact.js";
import { cost, number } from "./format.js";
import { t } from "./words.js";

const ROW = 22, BAR = 12;
/** Shares of the width: labels before, figures behind, bars between. */
const LABEL = 32, FIGURES = 26, ROOM = 100 - LABEL - FIGURES;

/**
 * Target against actual, a bar a section and a mark where it should end.
 * @param {{sections: Array<{key: string, heading: string, words: number, target: number}>, unit: string}} props
 */
export function LengthChart({ sections, unit }) {
  const most = Math.max(1, ...sections.map((each) => Math.max(each.words, each.target)));
  const rows = sections.map((each) => {
    const off = each.target ? Math.round((100 * (each.words - each.target)) / each.target) : 0;
    return {
      label: named(each), figures: `${number(each.words)} (${off > 0 ? "+" : ""}${off} %)`,
      bars: [{ share: each.words / most, kind: Math.abs(off) > 15 ? "off" : "fits" }], mark: each.target / most,
    };
  });
  return html`<${Chart} rows=${rows} title=${t("charts.lengths_of", { unit: t(`shared.${unit}`) })}
    legend=${[["fits", t("charts.fits")], ["off", t("charts.off")], ["mark", t("charts.target")]]}
    head=${[t("charts.section"), t("charts.written"), t("charts.target")]}
    body=${sections.map((each) => [named(each), number(each.words), number(each.target)])} />`;
}

/**
 * What the evaluators say: a bar for the mean of a section's scores, a mark at its lowest one.
 * @param {{sections: Array<{key: string, heading: string, scores: Array<{name: string, value: number|null}>}>}} props
 */
export function ScoreChart({ sections }) {
  const names = [...new Set(sections.flatMap((each) => each.scores.map((score) => score.name)))];
  const rows = sections.map((each) => {
    const values = each.scores.map((score) => score.value).filter((value) => value !== null);
    const [mean, least] = [values.reduce((sum, value) => sum + value, 0) / values.length, Math.min(...values)];
    return values.length
      ? { label: named(each), figures: `${number(mean)} · ${number(least)}`, mark: least / 100,
        bars: [{ share: mean / 100, kind: least < 60 ? "off" : "fits" }] }
      : { label: named(each), figures: t("charts.unscored"), bars: [] };
  });
  const value = (each, name) => {
    const found = each.scores.find((score) => score.name === name);
    return found?.value == null ? "–" : number(found.value);
  };
  return html`<${Chart} rows=${rows} title=${t("charts.scores_of")}
    legend=${[["fits", t("charts.mean")], ["mark", t("charts.lowest")]]}
    head=${[t("charts.section"), ...names]} body=${sections.map((each) => [named(each), ...names.map((name) => value(each, name))])} />`;
}

/**
 * Tokens by role: read from a cache, read anew, written; and what they cost.
 * @param {{spend: {roles: Object<string, object>, total: object}}} props as `GET /runs/{id}/spend` answers
 */
export function SpendChart({ spend }) {
  const roles = Object.entries(spend.roles);
  const sum = (each) => each.prompt_tokens + each.completion_tokens;
  const most = Math.max(1, ...roles.map(([, each]) => sum(each)));
  const priced = spend.total.cost > 0;
  const rows = roles.map(([role, each]) => ({
    label: roleName(role), figures: priced ? cost(each.cost) : number(sum(each)),
    bars: [
      { share: each.cached_tokens / most, kind: "cached" },
      { share: (each.prompt_tokens - each.cached_tokens) / most, kind: "prompt" },
      { share: each.completion_tokens / most, kind: "answer" },
    ],
  }));
  const cells = (each) => [number(each.calls), number(each.prompt_tokens), number(each.cached_tokens),
    number(each.completion_tokens), cost(each.cost)];
  return html`<${Chart} rows=${rows} title=${t(priced ? "charts.cost_of" : "charts.tokens_of")}
    legend=${[["cached", t("charts.cached")], ["prompt", t("charts.prompt")], ["answer", t("charts.answer")]]}
    head=${[t("charts.role"), t("charts.calls"), t("charts.prompt"), t("charts.cached"), t("charts.answer"), t("charts.cost")]}
    body=${[...roles.map(([role, each]) => [roleName(role), ...cells(each)]), [t("charts.total"), ...cells(spend.total)]]} />`;
}

const roleName = (role) => t(`charts.role_${role}`);
const named = (section) => `${section.key} ${section.heading}`;

/** Rows of bars; `share` and `mark` are parts of the widest. */
function Chart({ title, rows, legend, head, body }) {
  return html`<figure class="chart">
    <div class="chart-room"><svg role="img" aria-label=${title} width="100%" height=${rows.length * ROW}>
      <title>${title}</title>${rows.map((row, index) => html`<${Row} row=${row} top=${index * ROW} />`)}</svg></div>
    <figcaption><ul class="legend">${legend.map(([kind, text]) => html`<li data-kind=${kind}>${text}</li>`)}</ul>
      <details><summary>${t("charts.as_table")}</summary><div class="wide"><table><caption class="visually-hidden">${title}</caption>
        <thead><tr>${head.map((text) => html`<th scope="col">${text}</th>`)}</tr></thead>
        <tbody>${body.map(([first, ...rest]) => html`<tr><th scope="row">${first}</th>${rest.map((text) => html`<td>${text}</td>`)}</tr>`)}</tbody>
      </table></div></details></figcaption></figure>`;
}

function Row({ row, top }) {
  const middle = top + ROW / 2;
  let start = LABEL;
  return html`<g><title>${row.label}: ${row.figures}</title>
    <foreignObject x="0" y=${top} width=${`${LABEL - 2}%`} height=${ROW}><div class="label"><span>${row.label}</span></div></foreignObject>
    <rect class="rail" x=${`${LABEL}%`} y=${middle - BAR / 2} width=${`${ROOM}%`} height=${BAR} rx="2" />
    ${row.bars.map(({ share, kind }) => {
      const x = start;
      start += share * ROOM;
      return html`<rect class="bar" data-kind=${kind} x=${`${x}%`} y=${middle - BAR / 2} width=${`${Math.max(0, share) * ROOM}%`} height=${BAR} />`;
    })}
    ${row.mark !== undefined && html`<line class="mark" x1=${`${LABEL + row.mark * ROOM}%`} x2=${`${LABEL + row.mark * ROOM}%`}
      y1=${middle - ROW / 2 + 2} y2=${middle + ROW / 2 - 2} />`}
    <text class="figures" x="100%" y=${middle} dominant-baseline="central" text-anchor="end">${row.figures}</text></g>`;
}
