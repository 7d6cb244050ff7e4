/** What was found in a text: bars with what they mean, findings with the places they quote. */

import { html, render, useState } from "../vendor/preact.js";
import { Trouble } from "./parts.js";
import { language as own, said, t } from "./words.js";

const names = new Intl.DisplayNames([own], { type: "language", fallback: "code" });
const FEW = 12;

/** @param {{card: object}} props as `ui/render/evaluate.py` makes it */
export function Scorecard({ card }) {
  const facts = card.language ? [...card.facts, languageName(card.language)] : card.facts;
  return html`<article class="scorecard" aria-label=${card.name}>
    <header>${card.side && html`<p class="side">${card.side}</p>`}<h2>${card.name}</h2>
      <p class="verdict" data-state=${card.verdict.state}>${card.verdict.text}</p>
      <p class="facts">${facts.join(" · ")}</p></header>
    <section aria-label=${t("evaluate.scores")}><ul class="scores">${card.scores.map((score) => html`<${Score} score=${score} />`)}</ul></section>
    <${Found} card=${card} /></article>`;
}

function Score({ score }) {
  const known = score.value != null;
  return html`<li data-state=${score.state} data-score=${score.name}>
    <span class="score-name">${score.title}</span><strong class="score-value">${score.text}</strong>
    ${known && html`<span class="score-bar" role="meter" aria-label=${score.title} aria-valuemin="0" aria-valuemax="100"
      aria-valuenow=${score.value}><span style=${{ inlineSize: `${score.value}%` }} /></span>`}
    <p>${score.about}${score.reason && html` <em>${said(score.reason)}</em>`}</p></li>`;
}

function Found({ card }) {
  const [all, setAll] = useState(false);
  const shown = all ? card.findings : card.findings.slice(0, FEW);
  return html`<section class="found" aria-label=${t("evaluate.findings")}><h3>${t("evaluate.findings")}</h3>
    ${!card.findings.length && html`<p class="nothing">${card.none}</p>`}
    <ol>${shown.map((each) => html`<li data-severity=${each.severity}>
      <p><strong class="severity">${each.label}</strong> <span>${each.gate}</span>${each.where && html`<span>${each.where}</span>`}</p>
      <p>${said(each.message)}</p>${each.quote && html`<q>${each.quote}</q>`}</li>`)}</ol>
    ${shown.length < card.findings.length && html`<button type="button" class="button" onclick=${() => setAll(true)}>
      ${t("evaluate.more_findings", { n: card.findings.length - shown.length })}</button>`}
    ${shown.length === card.findings.length && card.more && html`<p>${card.more}</p>`}</section>`;
}

/** What a model said of a text. */
function Verdict({ verdict }) {
  return html`<article class="judgement" aria-label=${t("evaluate.judgement")}>
    <header><h2>${t("evaluate.judgement")}</h2><strong class="score-value">${verdict.text}</strong>
      <p class="facts">${verdict.by}</p></header>
    ${verdict.reason && html`<p class="reason">${said(verdict.reason)}</p>`}
    <ul class="grades">${verdict.grades.map((grade) => html`<li><span>${grade.title}</span>
      <span class="score-bar" role="meter" aria-label=${grade.title} aria-valuemin="1" aria-valuemax="5" aria-valuenow=${grade.value}>
        <span style=${{ inlineSize: `${grade.value * 20}%` }} /></span><strong>${grade.value}</strong></li>`)}</ul></article>`;
}

function Told({ value }) {
  if (value.problem) return html`<${Trouble} problem=${value.problem} />`;
  if (value.card) return html`<${Scorecard} card=${value.card} />`;
  if (value.verdict) return html`<${Verdict} verdict=${value.verdict} />`;
  return html`<p class="bill">${value.bill}</p>`;
}

function languageName(code) {
  try {
    return names.of(code);
  } catch {
    return code;
  }
}

/**
 * Draw a scorecard, a verdict, a bill or a problem; nothing without a value.
 * @param {Element} element
 * @param {object|null} value
 */
export function show(element, value) {
  render(value ? html`<${Told} value=${value} />` : null, element);
}
