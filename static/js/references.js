/** What a document cites: marks in its text, the list of references, and the notes it was planned by. */

import { html, useEffect, useRef } from "../vendor/preact.js";
import { said, t } from "./words.js";

/** A citation mark as a model writes it; which numbers mean something is known beside it. */
const MARK = /\[\s?(\d{1,5}(?:\s?[-–—,，、;；]\s?\d{1,5}){0,19})\s?\]/g;
const RANGE = /(\d{1,5})(?:\s?[-–—]\s?(\d{1,5}))?/g;
const WIDEST = 200;
/** Characters of a passage in a tooltip. */
const SHOWN = 300;

/**
 * The passages of a reference list by the numbers that the sections' own texts have for them.
 * @param {Array<object>} references as `GET /documents/{id}/references` answers
 * @returns {Map<number, {reference: object, text: string}>}
 */
export function citedBy(references) {
  return new Map(references.flatMap((reference) =>
    reference.passages.map((passage) => [passage.number, { reference, text: passage.text }])));
}

/**
 * The citations in a text as marks for `Markdown`.
 * @param {string} text
 * @param {Map<number, object>} cited as `citedBy` makes it
 */
export function citations(text, cited) {
  if (!cited.size) return [];
  return [...text.matchAll(MARK)].flatMap((found) => {
    const known = numbers(found[1]).filter((number) => cited.has(number)).map((number) => cited.get(number));
    if (!known.length) return [];
    const listed = [...new Set(known.map((each) => each.reference.number))].sort((a, b) => a - b);
    return [{ start: found.index, end: found.index + found[0].length, id: `cite-${listed[0]}`, kind: "cite",
      number: `[${listed.join(", ")}]`, title: known.map(told).join("\n\n"),
      label: known.map(({ reference }) => t("sources.cited", { n: reference.number, title: reference.title })).join("; ") }];
  });
}

function numbers(inside) {
  return [...inside.matchAll(RANGE)].flatMap(([, first, last]) => {
    const [from, to] = [Number(first), Number(last ?? first)];
    return Array.from({ length: Math.max(1, Math.min(to - from + 1, WIDEST)) }, (_, step) => from + step);
  });
}

function told({ reference, text }) {
  const place = [reference.title, reference.place].filter(Boolean).join(", ");
  return `${place}\n${text.length > SHOWN ? `${text.slice(0, SHOWN)} …` : text}`;
}

function Reference({ reference, shown }) {
  const box = useRef(null);
  useEffect(() => {
    if (!shown) return;
    box.current.querySelector("details").open = true;
    box.current.scrollIntoView({ block: "nearest" });
    box.current.focus({ preventScroll: true });
  }, [shown]);
  return html`<li ref=${box} tabindex="-1" data-reference=${reference.number} data-shown=${String(Boolean(shown))}>
    <span class="reference-number">[${reference.number}]</span> <strong>${reference.title}</strong>
    ${reference.place && html` <span class="hint">${reference.place}</span>`}
    <details><summary>${t("sources.passage")}</summary>
      ${reference.passages.map((passage) => html`<blockquote key=${passage.number}>${passage.text}</blockquote>`)}</details></li>`;
}

function Notes({ notes }) {
  const titles = new Map(notes.sources.map((each) => [each.id, each.title]));
  const place = (each) => [titles.get(each.source), each.page > 0 && t("sources.page", { n: each.page }), each.headings.at(-1)];
  return html`<details class="planning-notes"><summary>${t("sources.notes")}</summary><p class="hint">${t("sources.notes_what")}</p>
    ${notes.why && html`<p class="hint">${t("sources.notes_why", { pieces: notes.pieces, why: said(notes.why) })}</p>`}
    ${notes.embedder && html`<p class="hint">${t(notes.no_vectors ? "sources.by_words" : "sources.by_meaning", { model: notes.embedder, why: said(notes.no_vectors) })}</p>`}
    <div class="notes-text">${notes.text}</div>
    ${notes.findings.length > 0 && html`<details><summary>${t("sources.findings")}</summary><ul>${notes.findings.map((each) => html`
      <li><span class="hint">${place(each).filter(Boolean).join(", ")}</span> <span class="notes-text">${each.text}</span></li>`)}</ul></details>`}
    ${notes.troubles.length > 0 && html`<p class="hint">${t("sources.troubles")}: ${notes.troubles.map(said).join("; ")}</p>`}</details>`;
}

/** The tab of the review. */
export function References({ desk }) {
  return html`<div class="references">
    ${!desk.references.length && html`<p class="hint">${t("sources.no_references")}</p>`}
    <ol>${desk.references.map((each) => html`<${Reference} key=${each.number} reference=${each}
      shown=${desk.cited?.number === each.number && desk.cited.at} />`)}</ol>
    ${desk.planned?.ready && html`<${Notes} notes=${desk.planned} />`}</div>`;
}
