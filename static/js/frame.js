/** The frame around every page: name, navigation, and which page is shown. */

import { html, render, useEffect } from "../vendor/preact.js";
import { useRoute } from "./route.js";
import { t } from "./words.js";
import { keepAppearance } from "./appearance.js";

const LINKS = [["library", "#/"], ["write", "#/write"], ["datasets", "#/datasets"], ["evaluate", "#/evaluate"], ["settings", "#/settings"]];

function Frame() {
  const { page } = useRoute();
  useEffect(() => {
    document.body.dataset.page = page;
    scrollTo(0, 0);
  }, [page]);
  const here = page === "document" ? "library" : page;
  return html`<header class="frame"><a class="skip" href="#main" onclick=${skip}>${t("shared.skip")}</a>
    <a class="brand" href="#/"><img src="/web/icon.svg" alt="" width="24" height="24" />${t("shared.title")}</a>
    <nav aria-label=${t("shared.navigation")}>${LINKS.map(([name, href]) => html`<a href=${href}
      aria-current=${name === here ? "page" : undefined}>${t(`shared.page_${name}`)}</a>`)}</nav></header>`;
}

function skip(event) {
  event.preventDefault();
  const main = document.querySelector(`#page-${document.body.dataset.page}`);
  main.tabIndex = -1;
  main.focus();
}

/** @param {Element} element where to draw */
export function mount(element) {
  keepAppearance();
  render(html`<${Frame} />`, element);
}
