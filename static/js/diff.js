/** How one text became another, shown in it or side by side; not by colour alone. */

import { html } from "../vendor/preact.js";
import { t } from "./words.js";

const SHORT = 12;
const TAGS = { insert: "ins", delete: "del" };

/**
 * @param {{pieces: Array<{op: "equal"|"insert"|"delete", text: string}>, beside?: boolean}} props
 *   beside: the old text and the new one next to each other
 */
export function Diff({ pieces: exact, beside = false }) {
  const pieces = calm(exact);
  if (!beside) return html`<div class="diff">${pieces.map(piece)}</div>`;
  const without = (op) => pieces.filter((each) => each.op !== op).map(piece);
  return html`<div class="diff beside">
    <section aria-label=${t("shared.before")}><h4>${t("shared.before")}</h4><div>${without("insert")}</div></section>
    <section aria-label=${t("shared.after")}><h4>${t("shared.after")}</h4><div>${without("delete")}</div></section></div>`;
}

function piece({ op, text }) {
  const tag = TAGS[op];
  return tag ? html`<${tag}>${text}<//>` : html`<span>${text}</span>`;
}

/**
 * The same change with fewer pieces: a word or two that both happen to share, between larger
 * changes, is told with them. Without `insert` it is still the old text, without `delete` the new.
 */
export function calm(pieces) {
  const told = [];
  let [gone, come] = ["", ""];
  const flush = () => {
    if (gone) told.push({ op: "delete", text: gone });
    if (come) told.push({ op: "insert", text: come });
    [gone, come] = ["", ""];
  };
  pieces.forEach(({ op, text }, index) => {
    const between = (gone || come) && index < pieces.length - 1;
    const small = text.trim().length < SHORT && text.length < Math.max(gone.length, come.length) && !text.includes("\n");
    if (op === "delete") gone += text;
    else if (op === "insert") come += text;
    else if (between && small) { gone += text; come += text; }
    else { flush(); told.push({ op, text }); }
  });
  flush();
  return told;
}
