/** Draws what is near the part of the page that is seen, and keeps the room of the rest. */

import { html, useEffect, useRef, useState } from "../vendor/preact.js";

const AHEAD = "1200px";

/**
 * Draws its child only while it is near; far from it, as much room as it last took.
 * @param {{size: number, children: () => any}} props `size`: pixels, before it was ever drawn
 */
export function Near({ size, children }) {
  const box = useRef(null);
  const [near, setNear] = useState(false);
  const last = useRef(size);
  useEffect(() => {
    const observer = new IntersectionObserver((entries) => {
      if (!box.current) return; // it was taken away meanwhile
      const near = entries.at(-1).isIntersecting;
      if (!near && box.current.firstChild) last.current = box.current.offsetHeight;
      setNear(near);
    }, { rootMargin: AHEAD });
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  return html`<div ref=${box} style=${near ? {} : { minBlockSize: `${last.current}px` }}>${near && children()}</div>`;
}
