/** The document in figures: lengths, scores, what it took, and what the model saw. */

import { html } from "../vendor/preact.js";
import { get } from "./api.js";
import { Trouble, useLoaded } from "./parts.js";
import { t } from "./words.js";
import { Calls } from "./calls.js";
import { LengthChart, ScoreChart, SpendChart } from "./charts.js";

export function Figures({ desk, document, run }) {
  const { value: spend, problem } = useLoaded(() => (run ? get(`/runs/${run.run_id}/spend`) : Promise.resolve(null)), [run?.run_id]);
  const scored = desk.sections.map((section) => ({ key: section.key, heading: section.heading,
    scores: desk.notes.get(section.key)?.scores ?? [] })).filter((each) => each.scores.length);
  return html`<div class="figures"><${Trouble} problem=${problem} />
    <h3>${t("review.lengths")}</h3><${LengthChart} sections=${desk.sections} unit=${document.unit} />
    ${scored.length > 0 && html`<h3>${t("review.scores")}</h3><${ScoreChart} sections=${scored} />`}
    ${spend && html`<h3>${t("review.spending")}</h3><${SpendChart} spend=${spend} />`}
    ${run && html`<${Calls} run=${run} />`}</div>`;
}
