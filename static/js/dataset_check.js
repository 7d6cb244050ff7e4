/** What is said of lines before anything is kept: how many are rows, which are not, what it takes. */

import { html } from "../vendor/preact.js";
import { reasonName } from "./dataset_parts.js";
import { cost, duration, number } from "./format.js";
import { Trouble } from "./parts.js";
import { said, t } from "./words.js";

/** @param {{found: object}} props as `POST /datasets/check` answers */
export function Checked({ found }) {
  const hidden = found.refused - found.wrong.length;
  return html`<section class="dataset-checked" aria-labelledby="checked-title" data-rows=${found.rows} data-refused=${found.refused}>
    <h2 id="checked-title"><span role="status">${t("datasets.found", { n: number(found.rows) })}${found.refused > 0 && html` · <span class="refused">${t("datasets.found_refused", { n: number(found.refused) })}</span>`}</span></h2>
    ${found.first.length > 0 && html`<div class="wide"><table><caption>${t("datasets.first_rows")}</caption><thead><tr><th scope="col">${t("datasets.line")}</th>
      <th scope="col">${t("datasets.prompt")}</th><th scope="col">${t("shared.length")}</th><th scope="col">${t("datasets.language")}</th></tr></thead>
      <tbody>${found.first.map((row) => html`<tr><td>${row.line}</td><td><span>${row.prompt}</span></td><td>${number(row.length)}</td><td>${row.language}</td></tr>`)}</tbody></table></div>`}
    ${found.wrong.length > 0 && html`<details class="dataset-wrong" open=${found.rows === 0 || found.refused <= 5}><summary>${t("datasets.wrong_lines")}</summary>
      <ul>${found.wrong.map((each) => html`<li data-line=${each.line}><span class="row-line">${t("datasets.line_n", { n: number(each.line) })}</span>
        <strong>${reasonName(each.reason)}</strong> <span>${said(each.detail)}</span></li>`)}</ul>
      ${hidden > 0 && html`<p class="quiet">${t("datasets.wrong_more", { n: number(hidden) })}</p>`}
      <p class="quiet">${t("datasets.wrong_become")}</p></details>`}</section>`;
}

const between = ({ low, high }, show) => (show(low) === show(high) ? show(low) : `${show(low)} – ${show(high)}`);

/** @param {{estimate: {value: object|null, problem: Error|null, busy: boolean}, found: object}} props */
export function Estimate({ estimate: { value, problem, busy }, found }) {
  if (problem) return html`<${Trouble} problem=${problem} />`;
  if (!value) return html`<p class="quiet" role="status">${t("datasets.estimating")}</p>`;
  const tokens = { low: value.prompt_tokens.low + value.completion_tokens.low, high: value.prompt_tokens.high + value.completion_tokens.high };
  return html`<section class="dataset-estimate" aria-labelledby="estimate-title" aria-busy=${busy}><h2 id="estimate-title">${t("datasets.estimate")}</h2>
    <dl class="dataset-figures"><div><dt>${t("datasets.documents")}</dt><dd>${number(value.rows)}</dd></div>
      <div><dt>${t("datasets.words")}</dt><dd>${number(found.asked)}</dd></div>
      <div><dt>${t("datasets.calls")}</dt><dd>${between(value.calls, number)}</dd></div>
      <div><dt>${t("datasets.tokens")}</dt><dd>${between(tokens, number)}</dd></div>
      <div><dt>${t("datasets.time")}</dt><dd>${between(value.seconds, duration)}</dd></div>
      ${value.cost.high > 0 && html`<div><dt>${t("datasets.cost")}</dt><dd>${between(value.cost, cost)}</dd></div>`}</dl>
    <p class="quiet">${value.past_runs ? t("datasets.by_runs", { n: number(value.past_runs) }) : t("datasets.by_structure")}</p></section>`;
}
