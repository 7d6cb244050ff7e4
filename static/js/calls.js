/** What the model saw: a run's calls, and each of them opened. */

import { html, useRef, useState } from "../vendor/preact.js";
import { get } from "./api.js";
import { cost, date, duration, number } from "./format.js";
import { Button, tell, Trouble, useLoaded } from "./parts.js";
import { has, said, t } from "./words.js";

const PAGE = 50;

/** A panel, closed at first; nothing is loaded before it is opened. @param {{run: object}} props */
export function Calls({ run }) {
  const [open, setOpen] = useState(false);
  return html`<details class="calls" ontoggle=${(event) => event.target === event.currentTarget && setOpen(event.target.open)}>
    <summary>${t("calls.title")}</summary>
    <p class="about">${t("calls.about")}</p>${open && html`<${List} runId=${run.run_id} />`}</details>`;
}

function List({ runId }) {
  const [calls, setCalls] = useState([]);
  const [next, setNext] = useState("");
  const load = async (after = "") => {
    const page = await get(`/runs/${runId}/calls?limit=${PAGE}&after=${after}`);
    setCalls((old) => (after ? [...old, ...page.calls] : page.calls));
    setNext(page.next);
    return page;
  };
  const { value, problem, reload } = useLoaded(load, [runId]);
  const newer = () => load(next || calls.at(-1)?.id || "");
  return html`<${Trouble} problem=${problem} onRetry=${reload} />
    ${value && !calls.length && html`<p class="nothing">${t("calls.none")}</p>`}
    <ol class="call-list">${calls.map((call) => html`<${Call} key=${call.id} runId=${runId} call=${call} />`)}</ol>
    <p><${Button} onclick=${newer}>${t(next ? "calls.more" : "calls.newer")}<//></p>`;
}

function Call({ runId, call }) {
  const [open, setOpen] = useState(false);
  const about = call.section ? t("calls.of_section", { key: call.section }) : t("calls.of_document");
  return html`<li class="call"><button type="button" aria-expanded=${open} onclick=${() => setOpen(!open)}>
      <strong>${promptName(call.prompt)}</strong><span>${about}</span>
      <span class="call-figures">${t("calls.tokens", { prompt: number(call.prompt_tokens), answer: number(call.completion_tokens) })} · ${duration(call.seconds)}</span>
      ${call.error_kind && html`<span class="bad">${t("calls.failed", { kind: call.error_kind })}</span>`}</button>
    ${open && html`<${Opened} runId=${runId} id=${call.id} />`}</li>`;
}

function Opened({ runId, id }) {
  const { value: call, problem, reload } = useLoaded(() => get(`/runs/${runId}/calls/${id}`), [id]);
  if (!call) return html`<${Trouble} problem=${problem} onRetry=${reload} />`;
  return html`<div class="call-opened"><${Facts} call=${call} /><${Pieces} seen=${call.context} />
    ${call.messages.map((message) => html`<${Text} title=${t(`calls.message_${message.role}`)} text=${message.content} />`)}
    ${!call.messages.length && html`<p class="nothing">${t("calls.pruned")}</p>`}
    ${call.answer !== null && html`<${Text} title=${t("calls.answer")} text=${call.answer} />`}
    ${call.error && html`<p class="bad">${said(call.error)}</p>`}</div>`;
}

function Facts({ call }) {
  const rows = [
    ["role", call.role], ["model", [call.model, call.endpoint].filter(Boolean).join(" · ")],
    ["template", `${call.prompt} v${call.prompt_version}`], ["when", date(call.created_at)],
    ["cached", call.cached_tokens ? number(call.cached_tokens) : ""], ["cost", call.cost ? cost(call.cost) : ""],
    ["asked", call.context.asked ? number(call.context.asked) : ""], ["sends", call.sends > 1 ? number(call.sends) : ""],
    ["finish", call.finish],
  ];
  return html`<dl class="call-facts">${rows.filter(([, value]) => value).map(([name, value]) => html`
    <div><dt>${t(`calls.${name}`)}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** What the prompt was made of, and what had to stay out of it. */
function Pieces({ seen }) {
  const total = Math.max(1, seen.tokens);
  const shown = seen.pieces.filter((piece) => piece.tokens > 0);
  return html`<div class="pieces"><h4>${t("calls.pieces", { n: number(seen.tokens) })}</h4>
    <div class="pieces-bar" aria-hidden="true">${shown.map((piece, index) => html`<span data-kind=${index % 6}
      style=${{ inlineSize: `${(100 * piece.tokens) / total}%` }} />`)}</div>
    <table><caption class="visually-hidden">${t("calls.pieces", { n: number(seen.tokens) })}</caption>
      <tbody>${shown.map((piece, index) => html`<tr><th scope="row"><span class="key" data-kind=${index % 6} aria-hidden="true" />
        ${pieceName(piece.name)}</th><td>${number(piece.tokens)}</td></tr>`)}</tbody></table>
    ${seen.limit !== null && html`<p class="about">${t("calls.limit", { n: number(seen.limit) })}</p>`}
    ${seen.dropped.length > 0 && html`<p class="doubt">${t("calls.dropped_why")}</p>
      <ul class="dropped">${seen.dropped.map((each) => html`<li>${droppedName(each)}</li>`)}</ul>`}</div>`;
}

function Text({ title, text }) {
  const box = useRef(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      tell(t("calls.copied"));
    } catch { // a page that did not come over HTTPS may not: then it is selected, to be copied by hand
      getSelection().selectAllChildren(box.current);
    }
  };
  return html`<details class="call-text"><summary>${title}</summary>
    <${Button} kind="quiet" onclick=${copy}>${t("calls.copy")}<//><pre tabindex="0" ref=${box}>${text}</pre></details>`;
}

const named = (prefix, name, fallback) => (has(`${prefix}${name}`) ? t(`${prefix}${name}`) : fallback);
const promptName = (name) => named("calls.prompt_", name.replace("/", "_"), name);
const pieceName = (name) => named("calls.piece_", name.replaceAll(" ", "_"), name);

function droppedName(name) {
  const section = /^text of section (.+)$/.exec(name);
  return section ? t("calls.dropped_text", { key: section[1] }) : named("calls.dropped_", name.replaceAll(" ", "_"), name);
}
