/** The step "outline" of a document. */

import { html } from "../vendor/preact.js";

export function Outline({ document }) {
  return html`<p>${document.title}</p>`;
}
