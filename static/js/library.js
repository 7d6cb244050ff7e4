/** The library: documents as cards. */

import { html, render } from "../vendor/preact.js";
import { get } from "./api.js";
import { useLoaded } from "./parts.js";

function Library() {
  const { value } = useLoaded(() => get("/documents"), []);
  return html`<ul>${value?.documents.map((each) => html`<li><a href=${`#/d/${each.id}`}>${each.title}</a></li>`)}</ul>`;
}

/** @param {Element} element where to draw */
export function mount(element) {
  render(html`<${Library} />`, element);
}
