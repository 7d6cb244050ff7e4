/** How one text became another, shown in it or side by side; not by colour alone. */

import { html } from "../vendor/preact.js";
import { t } from "./words.js";

const TAGS = { insert: "ins", delete: "del" };

/**
 * @param {{pieces: Array<{op: "equal"|"insert"|"delete", text: string}>, beside?: boolean}} props
 *   beside: the old text and the new one next to each other
 */
export function Diff({ pieces, beside = false }) {
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
