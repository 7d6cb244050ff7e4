/** A section's text under a person's hands. What is typed is kept in the browser until it is stored. */

import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { length } from "./format.js";
import { Button, Trouble } from "./parts.js";
import { t } from "./words.js";

const KEY = "longleaf.draft.";

/** What was typed and never stored: `{text, revision}`, or null. */
export function kept(place) {
  return JSON.parse(localStorage.getItem(KEY + place) ?? "null");
}

/** About how long a text is: the server counts exactly when it is stored. */
export function about(text, unit) {
  if (unit === "characters") return (text.match(/[\p{L}\p{N}]/gu) ?? []).length;
  return (text.match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu) ?? []).length;
}

/**
 * @param {{section: object, place: string, unit: string,
 *   onSave: (key: string, text: string, revision: number) => Promise<void>, onClose: () => void}} props
 */
export function Editor({ section, place, unit, onSave, onClose }) {
  const start = useRef(kept(place) ?? { text: section.text, revision: section.revision });
  const [text, setText] = useState(start.current.text);
  const [seen, setSeen] = useState(start.current.revision);
  const [saving, setSaving] = useState(false);
  const [problem, setProblem] = useState(null);
  const field = useRef(null);
  useEffect(() => { field.current.focus({ preventScroll: true }); }, []);
  useEffect(() => fit(field.current), [text]);
  const type = (value) => {
    setText(value);
    localStorage.setItem(KEY + place, JSON.stringify({ text: value, revision: seen }));
  };
  const close = () => { localStorage.removeItem(KEY + place); onClose(); };
  const save = async () => {
    if (text === section.text) { close(); return; }
    setSaving(true);
    try {
      await onSave(section.key, text, seen);
      close();
    } catch (error) { setProblem(error); setSaving(false); }
  };
  const key = (event) => {
    if ((event.ctrlKey || event.metaKey) && ["s", "Enter"].includes(event.key)) { event.preventDefault(); save(); }
  };
  const other = problem?.status === 412 ? problem.rest.current : null;
  return html`<div class="editor" onkeydown=${key}>
    <textarea ref=${field} value=${text} aria-label=${t("review.text_of", { heading: section.heading })}
      oninput=${(event) => type(event.target.value)} />
    <p class="facts"><span>${t("review.about", { n: length(about(text, unit), unit, section.target) })}</span>
      <span>${t("review.kept_here")}</span></p>
    ${other ? html`<${Conflict} other=${other} onMine=${() => { setSeen(other.revision_id); setProblem(null); }}
      onTheirs=${close} />` : html`<${Trouble} problem=${problem} />`}
    <div class="buttons"><${Button} kind="primary" busy=${saving} disabled=${!text.trim() || other} onclick=${save}>${t("shared.save")}<//>
      <${Button} onclick=${close}>${t("review.discard")}<//></div></div>`;
}

function Conflict({ other, onMine, onTheirs }) {
  return html`<div class="conflict" role="alert"><strong>${t("review.conflict")}</strong>
    <details><summary>${t("review.their_text")}</summary><div class="plain">${other.text}</div></details>
    <div class="buttons"><${Button} onclick=${onMine}>${t("review.keep_mine")}<//>
      <${Button} onclick=${onTheirs}>${t("review.take_theirs")}<//></div></div>`;
}

function fit(field) {
  field.style.blockSize = "auto";
  field.style.blockSize = `${field.scrollHeight + 4}px`;
}
