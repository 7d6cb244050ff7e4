/** Where the person is: the address's hash, read and changed. */

import { useLayoutEffect, useState } from "../vendor/preact.js";

const PAGES = new Set(["write", "evaluate", "settings", "datasets"]);
const STEPS = new Set(["outline", "writing", "review", "export"]);

/**
 * What an address's hash means.
 * @param {string} hash such as `#/d/doc_x/review?section=3`
 * @returns {{page: string, id: string, step: string, query: URLSearchParams}}
 */
export function parse(hash) {
  const [path, query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [first = "", second = "", third = ""] = path.split("/").map(decodeURIComponent);
  const found = { page: "library", id: "", step: "", query: new URLSearchParams(query) };
  if (first === "d" && second) Object.assign(found, { page: "document", id: second });
  else if (PAGES.has(first)) found.page = first;
  if (found.page === "datasets") found.id = second;
  if (found.page === "document" && STEPS.has(third)) found.step = third;
  return found;
}

/** Where the person is now. */
export const route = () => parse(location.hash);

/**
 * Go somewhere.
 * @param {string} path such as `/d/doc_x/review`
 * @param {{replace?: boolean}} [how] replace: the place left is not one to come back to
 */
export function go(path, { replace = false } = {}) {
  if (replace) {
    history.replaceState(null, "", `#${path}`);
    dispatchEvent(new HashChangeEvent("hashchange"));
  } else location.hash = path;
}

/** Where the person is, for components; they are drawn anew when it changes. */
export function useRoute() {
  const [here, setHere] = useState(route);
  useLayoutEffect(() => { // before anybody can go anywhere: later, a move would be missed
    const move = () => setHere(route());
    addEventListener("hashchange", move);
    return () => removeEventListener("hashchange", move);
  }, []);
  return here;
}
