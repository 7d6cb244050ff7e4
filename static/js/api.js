/** The server's API: JSON in and out, errors with their remedy, events that come back by themselves. */

import { t } from "./words.js";

const BASE = "/api/v1";

/** What the API answers in place of what was asked for (RFC 9457). */
export class Problem extends Error {
  constructor({ status = 0, kind = "", detail = "", remedy = "", ...rest }) {
    super(detail);
    Object.assign(this, { status, kind, detail, remedy, rest });
  }
}

/** The address of a path of the API. */
export const address = (path) => BASE + path;

/**
 * Ask for something; `null` where the answer has no body.
 * @throws {Problem}
 */
export const get = (path) => send("GET", path);

/**
 * As `get`, with the answer's ETag.
 * @returns {Promise<{value: any, etag: string}>}
 * @throws {Problem}
 */
export async function getTagged(path) {
  const answer = await request("GET", path);
  return { value: await answer.json(), etag: answer.headers.get("etag") ?? "" };
}

/**
 * Send something.
 * @param {string} method
 * @param {string} path below /api/v1
 * @param {object|Blob} [body] sent as JSON, a file as it is
 * @param {Object<string, string>} [headers] such as `If-Match`
 * @throws {Problem}
 */
export async function send(method, path, body, headers = {}) {
  const answer = await request(method, path, body, headers);
  return answer.status === 204 ? null : answer.json();
}

/** As `send`, but the whole answer. */
export async function request(method, path, body, headers = {}) {
  const file = body instanceof Blob;
  const type = body === undefined || file ? {} : { "content-type": "application/json" };
  let answer;
  try {
    answer = await fetch(address(path), {
      method, headers: { ...type, ...headers }, body: file || body === undefined ? body : JSON.stringify(body),
    });
  } catch {
    throw new Problem({ kind: "unreachable", detail: t("shared.unreachable"), remedy: t("shared.unreachable_remedy") });
  }
  if (answer.ok) return answer;
  const told = await answer.json().catch(() => ({}));
  throw new Problem({ detail: answer.statusText || String(answer.status), ...told, status: answer.status });
}

/**
 * Follow a stream of events until `close()` is called or the server says `end`.
 * A connection that breaks is taken up again where it was, by the browser or here.
 * @param {string} path
 * @param {Object<string, (data: any, id: string) => void>} handlers by type of event
 * @param {(connected: boolean) => void} [onConnection]
 * @returns {() => void} ends it
 */
export function watch(path, handlers, onConnection = () => {}) {
  let source, timer, closed = false;
  const close = () => { closed = true; clearTimeout(timer); source?.close(); };
  const open = () => {
    source = new EventSource(address(path));
    source.onopen = () => onConnection(true);
    source.onerror = () => {
      onConnection(false);
      if (closed || source.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(open, 2000); // the browser gives up where the server answered with an error
    };
    for (const [type, handler] of Object.entries(handlers)) {
      source.addEventListener(type, (event) => {
        if (type === "end") close();
        handler(JSON.parse(event.data), event.lastEventId);
      });
    }
    if (!("end" in handlers)) source.addEventListener("end", close);
  };
  open();
  return close;
}
