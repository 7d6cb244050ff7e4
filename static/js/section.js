/** One section under review: its text with what was found in it, and what may be done with it. */

import { html, useEffect, useMemo, useRef, useState } from "../vendor/preact.js";
import { Markdown } from "./markdown.js";
import { Near } from "./near.js";
import { Button, Chip, Menu, Meter } from "./parts.js";
import { pure } from "./pure.js";
import { said, t } from "./words.js";
import { Editor, kept } from "./editor.js";
import { citations } from "./references.js";
import { Wish } from "./wish.js";

const LINE = 34, ACROSS = 14;

export const Section = pure(({ section, unit, note, flashed, spot, busy, cites, actions, onHistory, documentId }) => {
  const place = `${documentId}/${section.key}`;
  const [editing, setEditing] = useState(() => kept(place) !== null);
  const [wishing, setWishing] = useState(false);
  const box = useRef(null);
  useEffect(() => { if (flashed) bring(box.current, flashed); }, [flashed]);
  const locked = section.status === "locked";
  const stale = note?.stale ?? false;
  const menu = [
    { label: t("review.history"), onclick: () => onHistory(section.key) },
    { label: t(locked ? "review.unlock" : "review.lock"), onclick: () => actions.lock(section.key, !locked), disabled: !section.text },
    { label: t("review.redo"), onclick: () => setWishing(true), disabled: locked },
  ];
  return html`<section class="text-section" id=${`section-${section.key}`} ref=${box} data-key=${section.key} aria-label=${section.heading}>
    <header><h2>${section.heading}</h2>
      <p class="facts"><${Chip} state=${stale ? "stale" : section.status}>${t(`shared.state_${stale ? "stale" : section.status}`)}<//>
        <${Meter} value=${section.words} target=${section.target} unit=${unit} />
        <span class="section-tools">
          <button type="button" class="quiet-button" onclick=${() => setEditing(true)} disabled=${editing}>${t("review.edit")}</button>
          <${Menu} label=${t("review.more_for", { heading: section.heading })} actions=${menu} /></span></p></header>
    ${stale && html`<${Stale} note=${note} section=${section} busy=${busy} actions=${actions} />`}
    ${wishing && html`<${Wish} onClose=${() => setWishing(false)} onDone=${(text) => actions.redo(section.key, text)} />`}
    ${editing
      ? html`<${Editor} section=${section} place=${place} unit=${unit} onSave=${actions.save} onClose=${() => setEditing(false)} />`
      : html`<${Near} size=${LINE * Math.ceil(section.words / ACROSS) + 40}>${() => html`
        <${Body} section=${section} findings=${note?.findings ?? NONE} flashed=${flashed} spot=${spot} cites=${cites} actions=${actions} />`}<//>`}
  </section>`;
});

const NONE = [];
const FRAMES = 30;

/** Bring a marked passage into view; far away, its section has to be drawn first. */
function bring(box, id, frames = FRAMES) {
  const mark = box.querySelector(`[data-mark="${CSS.escape(id)}"]`);
  if (mark) { mark.scrollIntoView({ block: "center" }); return; }
  if (frames === FRAMES) box.scrollIntoView({ block: "start" });
  if (frames) requestAnimationFrame(() => bring(box, id, frames - 1));
}

/** `spot`: a place to be shown that no finding is about, such as the other side of one. */
function Body({ section, findings, flashed, spot, cites, actions }) {
  const sources = useMemo(() => citations(section.text ?? "", cites), [section.text, cites]);
  if (!section.text) return html`<p class="nothing">${section.reason ? said(section.reason) : t("review.nothing_yet")}</p>`;
  let marks = findings.filter((each) => each.start16 != null && each.end16 > each.start16)
    .map((each) => ({ start: each.start16, end: each.end16, id: each.id, kind: each.id === flashed ? "flashed" : each.severity }));
  if (spot) marks = marks.filter((each) => each.end <= spot.start16 || spot.end16 <= each.start);
  if (spot) marks.push({ start: spot.start16, end: spot.end16, id: spot.id, kind: "flashed" });
  const pick = (id) => {
    if (id.startsWith("cite-")) return actions.cite(Number(id.slice(5)));
    const found = findings.find((each) => each.id === id);
    if (found) actions.flash(found);
  };
  return html`<div class="section-body"><${Markdown} source=${section.text} marks=${[...marks, ...sources]} onMark=${pick} /></div>`;
}

function Stale({ note, section, busy, actions }) {
  return html`<div class="stale"><span>${note.stale_why ? said(note.stale_why) : t("review.stale")}</span>
    <${Button} busy=${busy} onclick=${() => actions.align(section.key)}>${t("review.align")}<//>
    <${Button} kind="quiet" onclick=${() => actions.fits(section.key)}>${t("review.fits")}<//></div>`;
}
