/** What can be done with a selection: a bar beside it, for the mouse and for the keyboard. */

import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { selected } from "./markdown.js";
import { t } from "./words.js";
import { Wish } from "./wish.js";

const PLAIN = ["rewrite", "extend", "shorten", "simplify"];
const LENGTHS = { extend: 1.6, shorten: 0.6 };

/** @param {{root: {current: Element}, desk: object}} props `root` holds the sections */
export function Selection({ root, desk }) {
  const [place, setPlace] = useState(null);
  const [wishing, setWishing] = useState(null);
  const bar = useRef(null);
  useEffect(() => {
    const look = () => {
      if (!bar.current?.contains(document.activeElement) && !document.querySelector("dialog[open]")) {
        setPlace(found(root.current, desk.sections));
      }
    };
    document.addEventListener("selectionchange", look);
    addEventListener("scroll", look, { passive: true });
    return () => {
      document.removeEventListener("selectionchange", look);
      removeEventListener("scroll", look);
    };
  }, [desk.sections]);
  if (wishing) {
    const { operation, at } = wishing;
    return html`<${Wish} title=${t(`review.op_${operation}`)} onClose=${() => setWishing(null)}
      onDone=${(instruction) => desk.actions.passage(at.key, operation, at, { instruction })} />`;
  }
  if (!place) return null;
  const order = (operation) => {
    setPlace(null);
    getSelection().removeAllRanges();
    if (operation === "tone" || operation === "custom") { setWishing({ operation, at: place }); return; }
    const words = LENGTHS[operation] && Math.max(5, Math.round(place.words * LENGTHS[operation]));
    desk.actions.passage(place.key, operation, place, words ? { words } : {});
  };
  return html`<div class="selection" ref=${bar} role="toolbar" aria-label=${t("review.selection")}
    style=${{ insetBlockStart: `${place.top}px`, insetInlineStart: `${place.left}px` }}>
    ${[...PLAIN, "tone", "custom"].map((name) => html`<button type="button" data-operation=${name}
      onmousedown=${(event) => event.preventDefault()} onclick=${() => order(name)}>${t(`review.op_${name}`)}</button>`)}</div>`;
}

/** The selection as a place in one section's text, and where the bar goes; null for none. */
function found(root, sections) {
  const node = getSelection()?.anchorNode;
  const body = (node?.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest?.(".section-body");
  if (!body || !root?.contains(body)) return null;
  const key = body.closest("[data-key]").dataset.key;
  const section = sections.find((each) => each.key === key);
  const place = section && whole(selected(body, section.text), section.text);
  if (!place) return null;
  const box = getSelection().getRangeAt(0).getBoundingClientRect();
  const words = (section.words * place.text.length) / section.text.length;
  const left = Math.max(8, Math.min(box.left, innerWidth - 380));
  const top = box.bottom > innerHeight - 68 ? box.top - 48 : box.bottom + 8;
  return { key, ...place, words, left, top: Math.max(8, Math.min(top, innerHeight - 60)) };
}

const WORD = /[\p{L}\p{N}]/u, SPACE = /\s/;
const UNSPACED = /[\u3040-\u30ff\u3400-\u9fff]/;

/** A selection without the white space around it, and with all of the words it cuts through. */
function whole(place, text) {
  if (!place) return null;
  let { start, end } = place;
  while (start < end && SPACE.test(text[start])) start++;
  while (end > start && SPACE.test(text[end - 1])) end--;
  const cut = (at) => at > 0 && at < text.length && [text[at - 1], text[at]].every((each) => WORD.test(each) && !UNSPACED.test(each));
  while (start < end && cut(start)) start--;
  while (start < end && cut(end)) end++;
  return start < end ? { start, end, text: text.slice(start, end) } : null;
}
