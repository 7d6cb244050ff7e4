/** The first run: no model but the demonstration one writes; where a better one can come from. */

import { html, render, useState } from "../vendor/preact.js";
import { get, send } from "./api.js";
import { Button, tell, Trouble, useLoaded } from "./parts.js";
import { useRoute } from "./route.js";
import { t } from "./words.js";

const KEY = "longleaf.firstrun";

/** Draws nothing once there is a model, or the person has said that the demonstration will do. */
export function FirstRun() {
  const [left, setLeft] = useState(localStorage.getItem(KEY) === "left");
  const { value, reload } = useLoaded(() => (left ? Promise.resolve(null) : get("/endpoints")), [left]);
  if (left || !value?.demonstration) return null;
  const leave = () => { localStorage.setItem(KEY, "left"); setLeft(true); };
  return html`<${Panel} names=${value.endpoints.map((each) => each.name)} leave=${leave} reload=${reload} />`;
}

function Panel({ names, leave, reload }) {
  const [found, setFound] = useState(null);
  const [given, setGiven] = useState(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(null);
  const look = async () => {
    setBusy(true);
    setProblem(null);
    try { setFound(await send("POST", "/endpoints/discover")); } catch (error) { setProblem(error); }
    setBusy(false);
  };
  return html`<section class="firstrun" aria-labelledby="firstrun-title">
    <h2 id="firstrun-title">${t("firstrun.title")}</h2><p>${t("firstrun.what")}</p>
    <p class="firstrun-actions"><${Button} kind=${given ? "" : "primary"} busy=${busy} onclick=${look}>${t("firstrun.look")}<//>
      <${Button} onclick=${() => setGiven({})}>${t("firstrun.add")}<//>
      <${Button} kind="quiet" onclick=${leave}>${t("firstrun.go_on")}<//></p>
    <${Trouble} problem=${problem} />
    ${found && !given && html`<${Found} ...${found} add=${setGiven} reload=${reload} />`}
    ${given && html`<${Add} key=${given.base_url} given=${given} names=${names} reload=${reload} close=${() => setGiven(null)} />`}
  </section>`;
}

function Found({ found, asked, add, reload }) {
  if (!found.length) return html`<p role="status">${t("firstrun.nobody", { ports: asked.join(", ") })}</p>`;
  return html`<ul class="firstrun-found" aria-label=${t("firstrun.found")}>${found.map((each) => html`
    <${Neighbour} key=${each.port} server=${each} add=${add} reload=${reload} />`)}</ul>`;
}

function Neighbour({ server, add, reload }) {
  const [model, setModel] = useState(server.model);
  const trial = useTrial(reload);
  const use = () => trial.run(server.name, { base_url: server.base_url, model }, true);
  return html`<li><div><strong>${server.make || t("firstrun.a_server")}</strong> <span class="address">${server.base_url}</span>
      ${server.wants_key ? html`<p>${t("firstrun.wants_key")}</p>` : html`<p>${t("firstrun.models", { n: server.models.length })}
        ${server.models.length > 1 ? html`<select aria-label=${t("firstrun.model")} value=${model}
          onchange=${(event) => setModel(event.target.value)}>${server.models.map((name) => html`<option>${name}</option>`)}</select>`
          : html`<span>${server.models[0] ?? ""}</span>`}</p>`}</div>
    ${server.wants_key ? html`<${Button} onclick=${() => add(server)}>${t("firstrun.give_key")}<//>`
      : html`<${Button} kind="primary" busy=${trial.busy} onclick=${use}>${t("firstrun.use")}<//>`}
    <${Outcome} trial=${trial} /></li>`;
}

function Add({ given, names, reload, close }) {
  const [fields, setFields] = useState({ base_url: given.base_url ?? "", key: "", model: given.model ?? "" });
  const trial = useTrial(reload);
  const set = (name) => (event) => setFields((old) => ({ ...old, [name]: event.target.value }));
  const submit = (event) => {
    event.preventDefault();
    const { key, ...body } = fields;
    trial.run(given.name ?? nameFor(fields.base_url, names), key ? { ...body, key } : body);
  };
  return html`<form class="firstrun-add" onsubmit=${submit}>
    <label><span>${t("firstrun.address")}</span><input required autocomplete="off" placeholder="http://127.0.0.1:8000/v1" inputmode="url"
      value=${fields.base_url} oninput=${set("base_url")} /></label>
    <label><span>${t("firstrun.key")}</span><input type="password" autocomplete="off" value=${fields.key} oninput=${set("key")} /></label>
    <label><span>${t("firstrun.model")}</span><input autocomplete="off" placeholder=${t("firstrun.model_only")} value=${fields.model} oninput=${set("model")} /></label>
    <p class="firstrun-actions"><button type="submit" class=${`button ${trial.tested?.ok ? "" : "primary"}`} disabled=${trial.busy} aria-busy=${trial.busy}>${t("firstrun.test")}</button>
      <${Button} kind="quiet" onclick=${close}>${t("shared.cancel")}<//></p>
    ${trial.busy && html`<p role="status">${t("firstrun.testing")}</p>`}
    <${Outcome} trial=${trial} /></form>`;
}

function Outcome({ trial }) {
  const { tested, problem } = trial;
  return html`<${Trouble} problem=${problem ?? tested?.problem} />
    ${tested && html`<${Findings} findings=${tested.findings} />`}
    ${tested?.ok && html`<p class="firstrun-actions"><${Button} kind="primary" onclick=${trial.finish}>${t("firstrun.done")}<//></p>`}`;
}

/** What a test has found, in plain words, as a list. */
export function Findings({ findings }) {
  return html`<ul class="test-findings" aria-label=${t("firstrun.findings")}>${findings.map((each) => html`<li data-ok=${each.ok}>
    <span aria-hidden="true">${each.ok ? "✓" : "✗"}</span> <strong>${t(`habits.on_${each.name.replace(" ", "_")}`)}</strong> ${t(`habits.${each.said}`, each.values)}
    ${each.advice && html`<em>${t(`habits.${each.advice}`, each.values)}</em>`}</li>`)}</ul>`;
}

/** Stores an endpoint and tests it; one that answers becomes the default. */
function useTrial(reload) {
  const [state, setState] = useState({ busy: false, tested: null, problem: null });
  const choose = async (tested) => {
    try {
      await send("POST", `${tested.path}/default`);
      tell(t("firstrun.ready", { model: tested.model }));
      reload();
    } catch (problem) { setState((old) => ({ ...old, problem })); }
  };
  const run = async (name, body, atOnce = false) => {
    setState({ busy: true, tested: null, problem: null });
    const path = `/endpoints/${encodeURIComponent(name)}`;
    try {
      await send("PUT", path, body);
      const tested = { ...(await send("POST", `${path}/test`)), path };
      if (atOnce && tested.ok) return choose(tested);
      setState({ busy: false, tested, problem: null });
    } catch (problem) { setState({ busy: false, tested: null, problem }); }
  };
  return { ...state, run, finish: () => choose(state.tested) };
}

/** A name for the server at an address, unlike those there are. */
function nameFor(address, names) {
  let host = "server";
  try { host = new URL(address.includes("://") ? address : `http://${address}`).host; } catch { /* the server says what is wrong */ }
  const name = host.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "").slice(0, 56) || "server";
  return names.includes(name) ? `${name}-${names.length + 1}` : name;
}

/** As a part of the brief, which is not an island itself. */
function InBrief() {
  return useRoute().page === "write" && html`<${FirstRun} />`;
}

/** @param {Element} element where to draw */
export function mount(element) {
  render(html`<${InBrief} />`, element);
}
