/** The step "writing" of a document. */

import { html } from "../vendor/preact.js";

export function Writing({ document }) {
  return html`<p>${document.title}</p>`;
}
