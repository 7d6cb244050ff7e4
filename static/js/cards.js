/** A document as a card with what can be done with it, and the strip of what was interrupted. */

import { html, useState } from "../vendor/preact.js";
import { get, send } from "./api.js";
import { ago, date, length, number } from "./format.js";
import { Button, Chip, Dialog, Menu, Meter, tell, Trouble, useLoaded, whyOf } from "./parts.js";
import { go } from "./route.js";
import { t } from "./words.js";

const STRIP = 5;
const FINISHED = new Set(["done", "imported"]);

/** What a card says of a document's state: a run that nobody works on is interrupted. */
export const phaseOf = (card) => (card.interrupted && !["paused", "failed"].includes(card.status) ? "interrupted" : card.status);

/**
 * One document.
 * @param {{card: object, onChange: () => void}} props `onChange`: the list is to be loaded anew
 */
export function Card({ card, onChange }) {
  const [asked, setAsked] = useState("");
  const [problem, setProblem] = useState(null);
  const done = async (work, said, undo) => {
    try {
      const made = await work();
      setProblem(null);
      if (said) tell(said, undo && { label: t("shared.undo"), onclick: async () => { await undo(made); onChange(); } });
      onChange();
    } catch (error) { setProblem(error); }
  };
  const phase = phaseOf(card);
  return html`<li class="card" data-document=${card.id}>
    <div class="card-head"><h2><a href=${`#/d/${card.id}`}>${card.title || t("library.untitled")}</a></h2>
      <${Menu} label=${t("library.actions", { title: card.title })} actions=${actions(card, done, setAsked)} /></div>
    <p class="card-facts"><${Chip} state=${phase}>${t(`shared.phase_${phase}`)}<//>
      ${card.kind && html`<span>${card.kind}</span>`}
      ${card.quality !== null && html`<span title=${t("library.quality_meaning")}>${t("library.quality", { n: number(card.quality) })}</span>`}</p>
    ${card.status === "imported" ? html`<p class="card-facts">${length(card.words, card.unit)}</p>`
      : html`<${Meter} value=${card.words} target=${card.target} unit=${card.unit} />`}
    <p class="card-time"><time datetime=${card.updated_at} title=${date(card.updated_at)}>${t("library.updated", { when: ago(card.updated_at) })}</time></p>
    <${Trouble} problem=${problem} />
    ${asked === "rename" && html`<${Rename} card=${card} done=${done} onClose=${() => setAsked("")} />`}
    ${asked === "purge" && html`<${Purge} card=${card} done=${done} onClose=${() => setAsked("")} />`}</li>`;
}

function actions(card, done, ask) {
  const path = `/documents/${card.id}`;
  const put = (shelf) => send("PATCH", path, { shelf });
  const duplicate = { label: t("library.duplicate"), onclick: () => done(() => send("POST", `${path}/duplicate`), t("library.duplicated")) };
  const restore = { label: t("library.restore"), onclick: () => done(() => send("POST", `${path}/restore`), t("library.restored")) };
  const trash = { label: t("library.trash"), kind: "danger",
    onclick: () => done(() => send("DELETE", path), t("library.trashed"), () => send("POST", `${path}/restore`)) };
  const rename = { label: t("library.rename"), onclick: () => ask("rename") };
  if (card.shelf === "trash") return [restore, { label: t("library.purge"), kind: "danger", onclick: () => ask("purge") }];
  const away = card.shelf === "archive"
    ? { label: t("library.unarchive"), onclick: () => done(() => put("open"), t("library.unarchived")) }
    : { label: t("library.archive"), onclick: () => done(() => put("archive"), t("library.archived"), () => put("open")) };
  return [...becoming(card), rename, duplicate, away, trash];
}

/** What a finished text may become; each leads to its form beside the text. */
function becoming(card) {
  if (card.live || !card.words || !FINISHED.has(card.status)) return [];
  return ["go_on", "summaries", "write_out"].map((name) => (
    { label: t(`further.${name}`), onclick: () => go(`/d/${card.id}/review?further=${name}`) }));
}

function Rename({ card, done, onClose }) {
  const [title, setTitle] = useState(card.title);
  const save = (event) => {
    event.preventDefault();
    onClose();
    if (title.trim() && title !== card.title) done(() => send("PATCH", `/documents/${card.id}`, { title }));
  };
  return html`<${Dialog} title=${t("library.rename")} onClose=${onClose}><form class="rename" onsubmit=${save}>
    <input aria-label=${t("library.title")} maxlength="300" required value=${title} autofocus
      oninput=${(event) => setTitle(event.target.value)} />
    <button type="submit" class="button primary">${t("shared.save")}</button></form><//>`;
}

function Purge({ card, done, onClose }) {
  const purge = () => { onClose(); done(() => send("DELETE", `/documents/${card.id}/purge`), t("library.purged")); };
  return html`<${Dialog} title=${t("library.purge")} onClose=${onClose}>
    <p>${t("library.purge_sure", { title: card.title })}</p>
    <p class="dialog-actions"><${Button} onclick=${onClose}>${t("shared.cancel")}<//>
      <${Button} kind="danger" onclick=${purge}>${t("library.purge_yes")}<//></p><//>`;
}

/**
 * Runs that wait for somebody to go on with them; nothing where there are none.
 * @param {{stamp: number, onChange: () => void}} props `stamp`: grows when the list was loaded anew
 */
export function Interrupted({ stamp, onChange }) {
  const { value, reload } = useLoaded(load, [stamp]);
  if (!value?.length) return null;
  const changed = () => { reload(); onChange(); };
  return html`<section class="interrupted" aria-labelledby="interrupted-title"><h2 id="interrupted-title">${t("library.interrupted")}</h2>
    <ul>${value.map((each) => html`<${Waiting} key=${each.card.run_id} ...${each} onChange=${changed} />`)}</ul></section>`;
}

async function load() {
  const { documents } = await get(`/documents?interrupted=true&limit=${STRIP}`);
  return Promise.all(documents.map(async (card) => ({ card, run: await get(`/runs/${card.run_id}`) })));
}

function Waiting({ card, run, onChange }) {
  const [busy, setBusy] = useState("");
  const [problem, setProblem] = useState(null);
  const act = async (name, after) => {
    setBusy(name);
    try {
      await send("POST", `/runs/${run.run_id}/${name}`);
      after();
    } catch (error) { setProblem(error); }
    setBusy("");
  };
  const why = whyOf(run);
  return html`<li data-run=${run.run_id}><div><a href=${`#/d/${card.id}`}>${card.title || t("library.untitled")}</a>
      <${Chip} state=${phaseOf(card)}>${t(`shared.phase_${phaseOf(card)}`)}<//>
      <${Meter} value=${card.words} target=${card.target} unit=${card.unit} />
      ${why && html`<p class="why">${why}</p>`}</div>
    <div class="interrupted-actions">
      <${Button} kind="primary" busy=${busy === "resume"} onclick=${() => act("resume", () => go(`/d/${card.id}/writing`))}>${t("library.continue")}<//>
      ${card.status === "failed" && card.words > 0 && html`<a class="button" href=${`#/d/${card.id}/writing`}>${t("library.redo")}</a>`}
      <${Button} busy=${busy === "cancel"} onclick=${() => act("cancel", () => { tell(t("library.left")); onChange(); })}>${t("library.leave")}<//>
    </div><${Trouble} problem=${problem} /></li>`;
}
