/** The step "review" of a document. */

import { html } from "../vendor/preact.js";

export function Review({ document }) {
  return html`<p>${document.title}</p>`;
}
