/** The step "export": the document as a file, in any form. */

import { html, useState } from "../vendor/preact.js";
import { address } from "./api.js";
import { t } from "./words.js";

const FORMATS = ["docx", "pdf", "epub", "html", "md", "latex", "txt", "json"];

export function Export({ document, run }) {
  const [numbered, setNumbered] = useState(false);
  const where = (format) => address(`/documents/${document.id}/export?format=${format}&numbered=${numbered}`);
  const unfinished = run && run.status !== "done";
  return html`<div class="export">
    ${unfinished && html`<p class="doubt">${t("export.unfinished")}</p>`}
    <ul class="formats">${FORMATS.map((format) => html`<li><a href=${where(format)} download data-format=${format}>
      <strong>${t(`export.${format}`)}</strong><span>${t(`export.${format}_for`)}</span></a></li>`)}</ul>
    <label class="option"><input type="checkbox" checked=${numbered} onchange=${() => setNumbered(!numbered)} /> ${t("export.numbered")}</label>
    <p class="quiet">${t("export.whole")}</p></div>`;
}
