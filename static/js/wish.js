/** A wish in a person's own words. */

import { html, useState } from "../vendor/preact.js";
import { Button, Dialog } from "./parts.js";
import { t } from "./words.js";

/** @param {{title?: string, onDone: (text: string) => void, onClose: () => void}} props */
export function Wish({ title = t("review.redo"), onDone, onClose }) {
  const [text, setText] = useState("");
  const done = (event) => { event.preventDefault(); onClose(); onDone(text.trim()); };
  return html`<${Dialog} title=${title} onClose=${onClose}><form class="wish" onsubmit=${done}>
    <label>${t("review.wish")}<textarea rows="3" maxlength="10000" value=${text} placeholder=${t("review.wish_hint")}
      oninput=${(event) => setText(event.target.value)} /></label>
    <div class="buttons"><${Button} kind="primary" type="submit" disabled=${!text.trim()}>${t("review.do_it")}<//>
      <${Button} onclick=${onClose}>${t("shared.cancel")}<//></div></form><//>`;
}
