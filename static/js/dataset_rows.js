/** The rows of a dataset: what was asked and written, beside its scores; one can be opened. */

import { html, useState } from "../vendor/preact.js";
import { get } from "./api.js";
import { OUTCOMES, reasonName } from "./dataset_parts.js";
import { duration, length, number } from "./format.js";
import { Markdown } from "./markdown.js";
import { Button, Trouble, useLoaded } from "./parts.js";
import { has, said, t } from "./words.js";

const PAGE = 20;
const MOST = 100;

/** @param {{view: object}} props */
export function Rows({ view }) {
  const [status, setStatus] = useState("all");
  const [size, setSize] = useState(PAGE);
  const counts = OUTCOMES.map((name) => view[name]).join();
  const path = `/datasets/${view.id}/rows?${new URLSearchParams({ status, most: size })}`;
  const { value, problem, reload } = useLoaded(() => get(path), [path, counts]);
  const choose = (name) => { setStatus(name); setSize(PAGE); };
  return html`<section class="dataset-rows" aria-labelledby="rows-title"><header><h2 id="rows-title">${t("datasets.rows")}</h2>
      <div class="rows-shown" role="group" aria-label=${t("datasets.rows_shown")}>${["all", ...OUTCOMES].map((name) => (name === "all" || view[name] > 0) && html`
        <button type="button" aria-pressed=${status === name} data-show=${name} onclick=${() => choose(name)}>${t(`datasets.rows_${name}`)}<span>${number(name === "all" ? view.total : view[name])}</span></button>`)}</div></header>
    <${Trouble} problem=${problem} onRetry=${reload} />
    <ol class="rows">${value?.rows.map((row) => html`<${Row} key=${row.line} row=${row} id=${view.id} />`)}</ol>
    ${value && !value.rows.length && html`<p class="quiet">${t("datasets.rows_none")}</p>`}
    ${value?.next && size < MOST && html`<p class="rows-more"><${Button} onclick=${() => setSize(size + PAGE)}>${t("shared.more")}<//></p>`}
    ${value?.next && size >= MOST && html`<p class="quiet rows-more">${t("datasets.rows_first", { n: MOST })}</p>`}</section>`;
}

function Row({ row, id }) {
  const [open, setOpen] = useState(false);
  const told = row.status === "done" ? length(row.words, row.unit, row.target) : row.reason && reasonName(row.reason);
  return html`<li data-line=${row.line} data-status=${row.status}>
    <button type="button" class="row-head" aria-expanded=${open} onclick=${() => setOpen(!open)}>
      <span class="row-line">${number(row.line)}</span><span class="row-state" data-outcome=${row.status}>${t(`datasets.row_${row.status}`)}</span>
      <span class="row-prompt">${row.prompt || said(row.detail)}</span><span class="row-told">${told}</span></button>
    ${open && html`<${Opened} row=${row} id=${id} />`}</li>`;
}

/** A row with its whole prompt and text. */
function Opened({ row, id }) {
  const { value, problem, reload } = useLoaded(() => (row.cut ? get(`/datasets/${id}/rows/${row.line}`) : Promise.resolve(row)), [row.cut, row.status]);
  const whole = value ?? row;
  return html`<div class="row-open" aria-busy=${value === null && problem === null}><${Trouble} problem=${problem} onRetry=${reload} />
    ${whole.reason && html`<p class="row-why"><strong>${reasonName(whole.reason)}</strong> ${said(whole.detail)}</p>`}
    ${whole.prompt && html`<section class="row-asked"><h3>${t("datasets.prompt")}</h3><p>${whole.prompt}</p></section>`}
    ${whole.text && html`<section class="row-written"><h3>${t("datasets.text")}</h3><${Markdown} source=${whole.text} /></section>`}
    ${whole.scores.length > 0 && html`<section class="row-scores"><h3>${t("evaluate.scores")}</h3><ul>${whole.scores.map((score) => html`<${Score} score=${score} />`)}</ul>
      <p class="quiet">${[t("datasets.took", { time: duration(whole.seconds) }), whole.attempts ? t("datasets.attempts", { n: whole.attempts }) : ""].filter(Boolean).join(" · ")}</p></section>`}</div>`;
}

function Score({ score }) {
  const known = score.value !== null;
  const name = [`evaluate.score_${score.name}`, `datasets.score_${score.name}`].find(has);
  const title = name ? t(name) : score.name.replaceAll("_", " ");
  return html`<li data-score=${score.name} data-low=${known && score.value < 60} title=${said(score.reason)}><span>${title}</span>
    <span class="row-score-bar" role="meter" aria-label=${title} aria-valuemin="0" aria-valuemax="100" aria-valuenow=${score.value ?? undefined}
      aria-valuetext=${known ? undefined : t("charts.unscored")}><span style=${{ inlineSize: `${known ? score.value : 0}%` }} /></span>
    <strong>${known ? number(score.value) : "–"}</strong></li>`;
}
