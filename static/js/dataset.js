/** One dataset: how far it is, what can be done with it, its pictures, its rows, its files. */

import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { send, watch, get } from "./api.js";
import { Downloads, packed } from "./dataset_files.js";
import { Figure, Outcomes, Standing } from "./dataset_parts.js";
import { Funnel, Lengths } from "./dataset_pictures.js";
import { Rows } from "./dataset_rows.js";
import { cost, duration, number } from "./format.js";
import { Button, Dialog, Empty, tell, Trouble } from "./parts.js";
import { go } from "./route.js";
import { has, t } from "./words.js";

const REST = ["queued", "stopped", "paused", "interrupted"];

/** @param {{id: string}} props */
export function Dataset({ id }) {
  const { view, gone, follow, connected } = useView(id);
  const [problem, setProblem] = useState(null);
  if (gone) return html`<${Empty} title=${t("datasets.gone")}><p><a href="#/datasets">${t("datasets.back")}</a></p><//>`;
  if (!view) return html`<p role="status" class="quiet">${t("shared.loading")}</p>`;
  const act = async (name) => {
    try {
      await send("POST", `/datasets/${id}/${name}`);
      setProblem(null);
      follow();
    } catch (error) { setProblem(error); }
  };
  return html`<article class="dataset" aria-label=${view.name}>
    <p class="dataset-back"><a href="#/datasets">← ${t("shared.page_datasets")}</a></p>
    <header class="dataset-head"><h1>${view.name}</h1><${Standing} status=${view.status} />
      <span class="dataset-actions"><${Actions} view=${view} act=${act} setProblem=${setProblem} /></span></header>
    <${Trouble} problem=${problem} />
    ${!connected && html`<p class="dataset-lost" role="status">${t("shared.unreachable")}</p>`}
    <${Why} view=${view} />
    <${Outcomes} counts=${view} legend />
    <${Figures} view=${view} />
    <div class="pictures"><${Funnel} funnel=${view.funnel} /><${Lengths} lengths=${view.lengths} /></div>
    <${Rows} view=${view} />
    <${Downloads} view=${view} />
    <${Terms} view=${view} /></article>`;
}

/** Why it is at rest although there are rows left, or what it waits for. */
function Why({ view }) {
  if (view.why && view.status === "paused") return html`<${Trouble} problem=${view.why} />`;
  if (view.waits) return html`<p class="dataset-waits" role="status">${t("datasets.waits")}</p>`;
  const note = `datasets.note_${view.status}`;
  return has(note) && html`<p class="quiet">${t(note)}</p>`;
}

function Actions({ view, act, setProblem }) {
  const [asked, setAsked] = useState(false);
  const left = view.queued + view.begun > 0;
  const remove = async () => {
    try {
      await send("DELETE", `/datasets/${view.id}`);
      tell(t("datasets.deleted"));
      go("/datasets");
    } catch (error) { setAsked(false); setProblem(error); }
  };
  return html`${view.done > 0 && html`<a class=${`button ${left ? "" : "primary"}`} id="dataset-download" download href=${packed(view.id, view.formats)}>${t("datasets.download")}</a>`}
    ${left && REST.includes(view.status) && html`<${Button} kind="primary" id="dataset-go" onclick=${() => act("start")}>${t(view.status === "queued" ? "datasets.start" : "datasets.continue")}<//>`}
    ${view.failed > 0 && [...REST, "done"].includes(view.status) && html`<${Button} id="dataset-retry" onclick=${() => act("retry")}>${t("datasets.retry")}<//>`}
    ${view.status === "working" && html`<${Button} id="dataset-stop" title=${t("datasets.stop_means")} onclick=${() => act("stop")}>${t("datasets.stop")}<//>`}
    ${view.status === "stopping" && html`<${Button} id="dataset-halt" onclick=${() => act("stop")}>${t("datasets.halt")}<//>`}
    <${Button} kind="danger" id="dataset-delete" onclick=${() => setAsked(true)}>${t("datasets.delete")}<//>
    ${asked && html`<${Dialog} title=${t("datasets.delete_title")} onClose=${() => setAsked(false)}>
      <p>${t("datasets.delete_sure", { name: view.name, n: number(view.done) })}</p>
      <p class="dataset-actions end"><${Button} onclick=${() => setAsked(false)}>${t("shared.cancel")}<//>
        <${Button} kind="danger" onclick=${remove}>${t("datasets.delete_yes")}<//></p><//>`}`;
}

function Figures({ view }) {
  const { pace } = view;
  const tokens = view.prompt_tokens + view.completion_tokens;
  return html`<dl class="dataset-figures"><${Figure} name=${t("datasets.words")} value=${number(view.words)} id="dataset-words" />
    <${Figure} name=${t("datasets.tokens")} value=${number(tokens)} />
    <${Figure} name=${t("datasets.calls")} value=${number(view.calls)} />
    ${view.cost > 0 && html`<${Figure} name=${t("datasets.cost")} value=${cost(view.cost)} />`}
    ${pace && html`<${Figure} name=${t("datasets.speed")} value=${t("datasets.a_second", { n: number(pace.tokens_per_second) })} />
      <${Figure} name=${t("datasets.slots")} value=${`${number(pace.running)} / ${number(pace.places)}`} />
      ${pace.seconds_left !== null && html`<${Figure} name=${t("datasets.left")} value=${t("datasets.about", { time: duration(pace.seconds_left) })} />`}`}</dl>`;
}

function Terms({ view }) {
  const { terms, caps } = view;
  const models = [...new Set(Object.values(terms.models))].join(", ");
  const said = [[t("datasets.model"), models], [t("brief.strategy"), t(`brief.strategy_${terms.strategy}`)],
    [t("datasets.rounds"), terms.rounds], [t("datasets.seed"), terms.seed], [t("datasets.limit"), terms.limit],
    [t("datasets.concurrency"), view.concurrency], [t("datasets.cap_tokens"), caps.tokens && number(caps.tokens)],
    [t("datasets.cap_cost"), caps.cost && cost(caps.cost)]].filter(([, value]) => value !== null && value !== "");
  return html`<details class="dataset-terms"><summary>${t("datasets.terms")}</summary>
    <dl class="dataset-figures">${said.map(([name, value]) => html`<${Figure} name=${name} value=${value} />`)}</dl></details>`;
}

/** The dataset as the server tells it; `follow()` listens anew, as after it was begun or stopped. */
function useView(id) {
  const [view, setView] = useState(null);
  const [gone, setGone] = useState(false);
  const [connected, setConnected] = useState(true);
  const close = useRef(() => {});
  const follow = () => {
    close.current();
    close.current = watch(`/datasets/${id}/live`, {
      view: setView,
      state: (changed) => setView((old) => ({ ...old, ...changed })),
      end: ({ status }) => status === "deleted" && setGone(true),
    }, setConnected);
  };
  useEffect(() => {
    get(`/datasets/${id}`).then((found) => { setView(found); follow(); }, () => setGone(true));
    return () => close.current();
  }, [id]);
  return { view, gone, follow, connected };
}
