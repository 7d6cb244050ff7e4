/** The step "export" of a document. */

import { html } from "../vendor/preact.js";

export function Export({ document }) {
  return html`<p>${document.title}</p>`;
}
