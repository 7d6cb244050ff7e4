/** A run at rest: what it has come to, and what to do next. */

import { html, useState } from "../vendor/preact.js";
import { get } from "./api.js";
import { length } from "./format.js";
import { Button, useLoaded, whyOf } from "./parts.js";
import { t } from "./words.js";
import { LengthChart, SpendChart } from "./charts.js";
import { Wish } from "./wish.js";
import { RESUMABLE } from "./writing_status.js";

const written = (section) => ["draft", "sealed", "locked", "revising"].includes(section.state);

/** A run that stopped before it was done: nothing is lost, and there are ways on. */
export function Stopped({ live, document, run, actions, onLeave }) {
  const [wished, setWished] = useState("");
  const { phase, unit } = live.facts;
  if (phase === "awaiting_approval") return html`<${Waits} document=${document} />`;
  if (!RESUMABLE.has(phase)) return null;
  const sections = live.order.map((key) => live.sections.get(key));
  const failed = sections.filter((section) => section.state === "failed");
  const kept = sections.filter(written);
  const begun = sections.filter((section) => section.text && !written(section)).length;
  const words = kept.reduce((sum, section) => sum + section.words, 0);
  return html`<section class="banner" data-phase=${phase} aria-label=${t(`shared.phase_${phase}`)}>
    <div><h2>${t(`writing.banner_${phase}`)}</h2>
      ${run.reason_kind && html`<p>${whyOf(run)}</p>`}
      <p>${t(kept.length ? "writing.kept" : "writing.nothing_kept", { n: kept.length, total: sections.length, length: length(words, unit) })}
        ${begun > 0 && ` ${t(begun === 1 ? "writing.one_begun" : "writing.begun", { n: begun })}`}</p></div>
    ${failed.length > 0 && html`<ul>${failed.map((section) => html`<li><span>${section.key} ${section.headings.at(-1)?.[1]}</span>
      <${Button} onclick=${() => setWished(section.key)}>${t("writing.redo")}<//></li>`)}</ul>`}
    <p class="buttons"><${Button} kind="primary" onclick=${actions.resume}>${t("writing.resume")}<//>
      <${Button} kind="quiet" onclick=${onLeave}>${t("writing.leave")}<//></p>
    ${wished && html`<${Wish} title=${t("writing.redo")} onClose=${() => setWished("")} onDone=${(text) => actions.redo(wished, text)} />`}
  </section>`;
}

function Waits({ document }) {
  return html`<section class="banner" aria-label=${t("shared.phase_awaiting_approval")}><div>
    <h2>${t("writing.waits_for_you")}</h2><p>${t("writing.waits_why")}</p></div>
    <p class="buttons"><a class="button primary" href=${`#/d/${document.id}/outline`}>${t("writing.to_outline")}</a></p></section>`;
}

/** A run that is done: the next step, and how it went. */
export function Done({ live, document, run }) {
  const done = live.facts.phase === "done";
  const { value: spend } = useLoaded(() => (done ? get(`/runs/${run.run_id}/spend`) : Promise.resolve(null)), [done]);
  if (!done) return null;
  const sections = live.order.map((key) => {
    const section = live.sections.get(key);
    return { ...section, heading: section.headings.at(-1)?.[1] ?? "" };
  });
  return html`<section class="banner done" aria-label=${t("writing.done")}><div><h2>${t("writing.done")}</h2>
      <p>${t(live.facts.accepted ? "writing.as_asked" : "writing.not_as_asked",
    { length: length(live.words, live.facts.unit, live.facts.target) })}</p></div>
    <p class="buttons"><a class="button primary" href=${`#/d/${document.id}/review`}>${t("writing.to_review")}</a>
      <a class="button" href=${`#/d/${document.id}/export`}>${t("writing.to_export")}</a></p>
    <details class="how-it-went"><summary>${t("writing.how_it_went")}</summary>
      <h3>${t("charts.lengths")}</h3><${LengthChart} sections=${sections} unit=${live.facts.unit} />
      ${spend && html`<h3>${t("charts.spending")}</h3><${SpendChart} spend=${spend} />`}</details></section>`;
}
