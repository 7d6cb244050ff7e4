/** Datasets: the list of them; a new one, and one that is there, have modules of their own. */

import { html, render, useEffect } from "../vendor/preact.js";
import { get } from "./api.js";
import { Dataset } from "./dataset.js";
import { Outcomes, Standing } from "./dataset_parts.js";
import { NewDataset } from "./dataset_new.js";
import { ago, cost, date, number } from "./format.js";
import { Button, Empty, Trouble, useLoaded } from "./parts.js";
import { go, useRoute } from "./route.js";
import { said, t } from "./words.js";

const LOOK_AGAIN = 3000;
const GOING_ON = ["working", "stopping", "interrupted"];
const LINE = '{"prompt": "How do tides shape a harbour?", "length": 1200}';

function Datasets() {
  const { page, id, query } = useRoute();
  if (page !== "datasets") return null;
  if (id === "new") return html`<${NewDataset} example=${query.get("example")} />`;
  return id ? html`<${Dataset} key=${id} id=${id} />` : html`<${List} />`;
}

function List() {
  const { value, problem, reload } = useLoaded(() => get("/datasets"), []);
  const all = value?.datasets;
  const moving = all?.some((each) => GOING_ON.includes(each.status));
  useEffect(() => {
    const timer = moving && setInterval(reload, LOOK_AGAIN);
    return () => clearInterval(timer);
  }, [moving]);
  return html`<section class="datasets"><header class="datasets-head"><h1>${t("shared.page_datasets")}</h1>
      ${all?.length > 0 && html`<${Button} kind="primary" id="dataset-new" onclick=${() => go("/datasets/new")}>${t("datasets.new")}<//>`}</header>
    <${Trouble} problem=${problem} onRetry=${reload} />
    ${all?.length === 0 && html`<${Beginning} />`}
    <ul class="dataset-list" aria-busy=${all === undefined}>${all?.map((each) => html`<${Card} key=${each.id} dataset=${each} />`)}</ul></section>`;
}

function Card({ dataset }) {
  const facts = [t("datasets.done_of", { n: number(dataset.done), of: number(dataset.total) }),
    t("datasets.n_words", { n: number(dataset.words) }),
    ...(dataset.cost ? [t("datasets.spent", { n: cost(dataset.cost) })] : [])];
  return html`<li class="dataset-card" data-dataset=${dataset.id}>
    <div class="dataset-card-head"><h2><a href=${`#/datasets/${dataset.id}`}>${dataset.name}</a></h2><${Standing} status=${dataset.status} /></div>
    <${Outcomes} counts=${dataset} />
    <p class="dataset-facts">${facts.join(" · ")}</p>
    ${dataset.why && html`<p class="dataset-why">${[dataset.why.detail, dataset.why.remedy].filter(Boolean).map(said).join(" ")}</p>`}
    <p class="dataset-time"><time datetime=${dataset.updated_at} title=${date(dataset.updated_at)}>${t("library.updated", { when: ago(dataset.updated_at) })}</time></p></li>`;
}

function Beginning() {
  return html`<${Empty} title=${t("datasets.empty")}><p>${t("datasets.empty_what")}</p>
    <figure class="dataset-sample"><figcaption>${t("datasets.a_line")}</figcaption><pre>${LINE}</pre></figure>
    <p>${t("datasets.empty_next")}</p>
    <p class="dataset-actions"><${Button} kind="primary" id="dataset-new" onclick=${() => go("/datasets/new")}>${t("datasets.new")}<//>
      <${Button} id="dataset-example" onclick=${() => go("/datasets/new?example=1")}>${t("datasets.try_example")}<//></p><//>`;
}

/** @param {Element} element where to draw */
export function mount(element) {
  render(html`<${Datasets} />`, element);
}
