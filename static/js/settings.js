/** Has the settings looked up whenever somebody goes to their page. */

import { route } from "./route.js";

const look = () => route().page === "settings" && document.querySelector("#settings-shown").click();

/** Draws nothing. */
export function mount() {
  addEventListener("hashchange", look);
  look();
}
