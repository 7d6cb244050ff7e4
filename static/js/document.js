/** The document's workspace: its header, the steps it goes through, and the one that is shown. */

import { html, render, useEffect, useState } from "../vendor/preact.js";
import { get, send } from "./api.js";
import { length } from "./format.js";
import { Button, Chip, Empty, Trouble, useLoaded } from "./parts.js";
import { go, useRoute } from "./route.js";
import { t } from "./words.js";
import { Export } from "./export.js";
import { Outline } from "./outline.js";
import { Review } from "./review.js";
import { Writing } from "./writing.js";

const STEPS = { outline: Outline, writing: Writing, review: Review, export: Export };
const PLANNING = new Set(["queued", "planning", "awaiting_approval"]);

/** Which step a document is at. */
export function stepOf(document, run) {
  if (!run || run.status === "done") return "review";
  return PLANNING.has(run.status) ? "outline" : "writing";
}

async function load(id) {
  const document = await get(`/documents/${id}`);
  return { document, run: document.run_id ? await get(`/runs/${document.run_id}`) : null };
}

function Workspace() {
  const { page, id, step } = useRoute();
  const { value, problem, reload } = useLoaded(() => (id ? load(id) : Promise.resolve(null)), [id]);
  if (page !== "document") return null;
  if (problem?.status === 404) return html`<${Gone} />`;
  if (value?.document.id !== id) return html`<${Trouble} problem=${problem} onRetry=${reload} />`;
  const shown = step || stepOf(value.document, value.run);
  const Step = STEPS[shown];
  return html`<article class="workspace" data-step=${shown}>
    <${Header} ...${value} shown=${shown} reload=${reload} />
    <${Trouble} problem=${problem} onRetry=${reload} />
    <${Step} key=${`${id} ${shown}`} ...${value} reload=${reload} /></article>`;
}

function Gone() {
  return html`<${Empty} title=${t("document.gone")}><p>${t("document.gone_remedy")}</p>
    <p><a class="button" href="#/">${t("document.to_library")}</a></p><//>`;
}

function Header({ document, run, shown, reload }) {
  const status = run?.status ?? "imported";
  const reached = stepOf(document, run);
  const order = Object.keys(STEPS);
  return html`<header class="workspace-head">
    <${Title} key=${document.id} document=${document} reload=${reload} />
    <p class="facts"><${Chip} state=${status}>${t(`shared.phase_${status}`)}<//>
      <span>${length(document.words, document.unit, document.target)}</span></p>
    <nav class="steps" aria-label=${t("document.steps")}><ol>${order.map((name) => html`<li>
      <a href=${`#/d/${document.id}/${name}`} aria-current=${name === shown ? "step" : undefined}
        data-reached=${order.indexOf(name) <= order.indexOf(reached)}>${t(`document.step_${name}`)}</a></li>`)}</ol></nav>
  </header>`;
}

function Title({ document, reload }) {
  const [draft, setDraft] = useState(null);
  const [problem, setProblem] = useState(null);
  const save = async (event) => {
    event.preventDefault();
    try {
      if (draft.trim() && draft !== document.title) await send("PATCH", `/documents/${document.id}`, { title: draft });
      setDraft(null);
      setProblem(null);
      reload();
    } catch (error) { setProblem(error); }
  };
  if (draft === null) {
    return html`<h1><span>${document.title || t("document.untitled")}</span>
      <button type="button" class="quiet-button" title=${t("document.rename")} aria-label=${t("document.rename")}
        onclick=${() => setDraft(document.title)}>✎</button></h1>`;
  }
  return html`<form class="rename" onsubmit=${save}>
    <input aria-label=${t("document.title")} maxlength="300" value=${draft} ref=${(node) => node?.focus()}
      oninput=${(event) => setDraft(event.target.value)}
      onkeydown=${(event) => event.key === "Escape" && setDraft(null)} />
    <${Button} kind="primary" type="submit">${t("shared.save")}<//>
    <${Button} onclick=${() => setDraft(null)}>${t("shared.cancel")}<//>
    <${Trouble} problem=${problem} /></form>`;
}

/** @param {Element} element where to draw */
export function mount(element) {
  render(html`<${Workspace} />`, element);
}
