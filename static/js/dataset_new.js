/** A new dataset: its lines, what is wrong with them, how they are written, what that would take. */

import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { get, send } from "./api.js";
import { Checked, Estimate } from "./dataset_check.js";
import { Formats } from "./dataset_files.js";
import { Button, Trouble } from "./parts.js";
import { go } from "./route.js";
import { language, t } from "./words.js";

const TYPING = 400;
const STRATEGIES = ["parallel", "agentwrite", "self_lengthen", "auto"];
const EXAMPLE = {
  en: [["How do tides shape the life of a harbour town?", 900], ["Explain to a curious teenager how bread rises.", 700], ["Write a letter from a lighthouse keeper to the next one.", 800]],
  zh: [["潮汐怎样塑造一座港口小镇的生活？", 900], ["向好奇的中学生解释面包为什么会发起来。", 700], ["写一封灯塔看守人给下一任的信。", 800]],
};
const exampleLines = () => EXAMPLE[language].map(([prompt, length]) => JSON.stringify({ prompt, length })).join("\n");
const DEFAULTS = { name: "", strategy: "parallel", rounds: 1, formats: ["messages"], limit: "", seed: "", concurrency: "", tokens: "", cost: "", endpoint: "" };
const NAMES = { tokens: "cap_tokens", cost: "cap_cost" };
const NUMBERS = ["limit", "concurrency", "tokens", "cost", "seed"];

/** What the API takes of a form, empty fields left out. */
export function query(form, name) {
  const given = Object.entries({ ...form, formats: form.formats.join(","), name: form.name.trim() || name });
  return new URLSearchParams(given.filter(([, value]) => value !== ""));
}

/** @param {{example: string|null}} props */
export function NewDataset({ example }) {
  const [text, setText] = useState(example ? exampleLines() : "");
  const [file, setFile] = useState(null);
  const [form, setForm] = useState(DEFAULTS);
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const key = useRef(crypto.randomUUID?.() ?? String(Math.random()));
  const lines = useLines(file, text);
  const name = file ? file.name.replace(/\.[^.]*$/, "").slice(0, 200) : t("datasets.name_default");
  const found = useAnswer("check", lines, query({ ...DEFAULTS, limit: form.limit }, "x"));
  const sound = found.value?.rows > 0;
  const { strategy, rounds, limit, concurrency, endpoint } = form;
  const estimate = useAnswer("estimate", sound ? lines : null, query({ ...DEFAULTS, strategy, rounds, limit, concurrency, endpoint }, "x"));
  const set = (more) => { key.current = crypto.randomUUID?.() ?? String(Math.random()); setForm((old) => ({ ...old, ...more })); };
  const begin = async () => {
    setBusy(true);
    try {
      const made = await send("POST", `/datasets?${query(form, name)}`, lines, { "Idempotency-Key": key.current });
      go(`/datasets/${made.id}`);
    } catch (error) { setProblem(error); }
    setBusy(false);
  };
  return html`<section class="dataset-make"><p class="dataset-back"><a href="#/datasets">← ${t("shared.page_datasets")}</a></p>
    <h1>${t("datasets.new")}</h1>
    <${Source} file=${file} text=${text} setText=${setText} setFile=${setFile} />
    <${Trouble} problem=${found.problem} />
    ${found.busy && !found.value && html`<p class="quiet" role="status">${t("datasets.reading")}</p>`}
    ${found.value && html`<${Checked} found=${found.value} />`}
    <${Options} form=${form} set=${set} name=${name} />
    ${sound && html`<${Estimate} estimate=${estimate} found=${found.value} />`}
    <${Trouble} problem=${problem} />
    <p class="dataset-actions"><${Button} kind="primary" id="dataset-begin" busy=${busy} disabled=${!sound || found.busy} onclick=${begin}>${t("datasets.begin")}<//>
      ${!sound && html`<span class="quiet">${t("datasets.begin_needs")}</span>`}</p></section>`;
}

function Source({ file, text, setText, setFile }) {
  const input = useRef(null);
  const [over, setOver] = useState(false);
  const take = (files) => files?.[0] && setFile(files[0]);
  const drop = (event) => { event.preventDefault(); setOver(false); take(event.dataTransfer.files); };
  return html`<div class="dataset-source" data-over=${over} ondragover=${(event) => { event.preventDefault(); setOver(true); }}
      ondragleave=${() => setOver(false)} ondrop=${drop}>
    ${file ? html`<p class="dataset-file"><strong>${file.name}</strong>
        <${Button} onclick=${() => { setFile(null); input.current.value = ""; }}>${t("datasets.other_source")}<//></p>` : html`
      <label><span>${t("datasets.lines")}</span><textarea id="dataset-lines" rows="6" spellcheck="false" placeholder=${`{"prompt": "…", "length": 1200}`}
        value=${text} oninput=${(event) => setText(event.target.value)} /></label>`}
    ${!file && html`<p class="dataset-actions"><${Button} onclick=${() => input.current.click()}>${t("datasets.choose_file")}<//>
      ${!text && html`<${Button} kind="quiet" onclick=${() => setText(exampleLines())}>${t("datasets.try_example")}<//>`}
      <span class="quiet">${t("datasets.drop")}</span></p>`}
    <input ref=${input} type="file" id="dataset-file" class="visually-hidden" tabindex="-1" accept=".jsonl,.ndjson,.json,.txt"
      aria-label=${t("datasets.choose_file")} onchange=${(event) => take(event.target.files)} /></div>`;
}

function Options({ form, set, name }) {
  const field = (key, more) => html`<label><span>${t(`datasets.${NAMES[key] ?? key}`)}</span>
    <input name=${key} value=${form[key]} oninput=${(event) => set({ [key]: event.target.value })} ...${more} /></label>`;
  return html`<div class="dataset-options"><div class="option-row">${field("name", { maxlength: 200, placeholder: name })}
      <label><span>${t("brief.strategy")}</span><select name="strategy" value=${form.strategy} onchange=${(event) => set({ strategy: event.target.value })}>
        ${STRATEGIES.map((each) => html`<option value=${each}>${t(`brief.strategy_${each}`)}</option>`)}</select></label>
      <label><span>${t("datasets.rounds")}</span><select name="rounds" value=${String(form.rounds)} onchange=${(event) => set({ rounds: Number(event.target.value) })}>
        ${[0, 1, 2, 3].map((n) => html`<option value=${n}>${n === 0 ? t("datasets.rounds_none") : n}</option>`)}</select></label></div>
    <${Formats} chosen=${form.formats} choose=${(formats) => set({ formats })} />
    <details class="dataset-advanced"><summary>${t("datasets.advanced")}</summary><div class="option-row">
      ${NUMBERS.map((key) => field(key, { type: "number", min: key === "seed" ? 0 : key === "cost" ? "0.01" : 1, step: key === "cost" ? "any" : 1, placeholder: t(`datasets.${key}_hint`) }))}
      <${Endpoint} value=${form.endpoint} choose=${(endpoint) => set({ endpoint })} /></div></details></div>`;
}

function Endpoint({ value, choose }) {
  const [names, setNames] = useState([]);
  useEffect(() => { get("/endpoints").then((found) => setNames(found.endpoints.map((each) => each.name)), () => {}); }, []);
  return names.length > 0 && html`<label><span>${t("datasets.endpoint")}</span><select name="endpoint" value=${value} onchange=${(event) => choose(event.target.value)}>
    <option value="">${t("datasets.endpoint_usual")}</option>${names.map((name) => html`<option value=${name}>${name}</option>`)}</select></label>`;
}

/** The lines as a file, once nobody types any more; null without any. */
function useLines(file, text) {
  const [lines, setLines] = useState(null);
  useEffect(() => {
    if (file) { setLines(file); return undefined; }
    const timer = setTimeout(() => setLines(text.trim() ? new Blob([text], { type: "application/x-ndjson" }) : null), TYPING);
    return () => clearTimeout(timer);
  }, [file, text]);
  return lines;
}

/** What the server says of the lines, anew when they or the options change. */
function useAnswer(what, lines, options) {
  const [state, setState] = useState({ value: null, problem: null, busy: false });
  const asked = String(options);
  useEffect(() => {
    let late = false;
    if (!lines) { setState({ value: null, problem: null, busy: false }); return undefined; }
    setState((old) => ({ ...old, busy: true }));
    const timer = setTimeout(() => send("POST", `/datasets/${what}?${asked}`, lines).then(
      (value) => late || setState({ value, problem: null, busy: false }),
      (problem) => late || setState({ value: null, problem, busy: false }),
    ), TYPING / 2);
    return () => { late = true; clearTimeout(timer); };
  }, [lines, asked]);
  return state;
}
