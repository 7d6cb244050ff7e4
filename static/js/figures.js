/** The document in figures: lengths, scores, what it took, and what the model saw. */

import { html } from "../vendor/preact.js";

export function Figures() {
  return html`<div class="figures" />`;
}
