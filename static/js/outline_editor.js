/** The outline's editor: its edits, what can be undone, where it is kept, and the approval. */

import { html, useEffect, useMemo, useRef, useState } from "../vendor/preact.js";
import { send } from "./api.js";
import { drag } from "./outline_drag.js";
import { nameless, repeated } from "./outline_check.js";
import * as edits from "./outline_edit.js";
import { begun, recorded, redone, undone } from "./outline_history.js";
import { lengthOf, retarget } from "./outline_lengths.js";
import { Bar, Conflict } from "./outline_bar.js";
import { Above, Row, Unplaced } from "./outline_row.js";
import { Keeper } from "./outline_save.js";
import { Button, tell } from "./parts.js";
import { go } from "./route.js";
import { t } from "./words.js";

/** The plan with its history, kept on the server; `say` announces what has happened. */
function useOutline(run, loaded, finished, onGone) {
  const [history, setHistory] = useState(() => begun(edits.opened(loaded.value)));
  const [kept, setKept] = useState({ state: "saved", problem: null });
  const latest = useRef(history);
  latest.current = history;
  const keeper = useMemo(() => new Keeper(run.run_id, loaded, history.now, (state, problem) => {
    if (problem?.status === 409 && !finished) onGone();
    setKept({ state, problem });
  }, finished), []);
  useEffect(() => keeper.queue(history.now), [history.now]);
  useEffect(() => {
    const leave = (event) => {
      if (keeper.state === "saved") return;
      keeper.flush();
      event.preventDefault();
    };
    addEventListener("beforeunload", leave);
    return () => { removeEventListener("beforeunload", leave); keeper.flush(); };
  }, []);
  const edit = (change, tag = "") => setHistory((old) => recorded(old, change(old.now), tag));
  const told = keeper.wanted === history.now || kept.state === "conflict" ? kept : { state: "waiting", problem: null };
  return { history, setHistory, latest, keeper, kept: told, edit };
}

/** What the rows can do; always the same functions, so that only rows that change are drawn. */
function useActions({ latest, keeper, setHistory, edit }, list) {
  const [rows, setRows] = useState({ open: new Set(), busy: new Set(), problems: new Map(), said: "", focus: null });
  const set = (fields) => setRows((old) => ({ ...old, ...(typeof fields === "function" ? fields(old) : fields) }));
  const actions = useMemo(() => {
    const now = () => latest.current.now;
    const told = (id, plan) => ({ said: t("outline.moved", { what: headingOf(plan, id), no: edits.keyOf(plan, id) }) });
    const moved = (id, plan, field) => {
      edit(() => plan);
      set({ ...told(id, plan), focus: { id, field: field || "handle" } });
    };
    return {
      change: (id, fields, field) => edit((plan) => edits.change(plan, id, fields), `${id} ${field}`),
      retarget: (id, amount) => edit((plan) => retarget(plan, id, amount)),
      add: (id) => {
        set({ focus: { id: now().next, field: "heading" } });
        edit((plan) => edits.insertAfter(plan, id));
      },
      addPart: () => {
        set({ focus: { id: now().next, field: "heading" } });
        edit((plan) => edits.insertPart(plan, plan.parts.length));
      },
      remove: (id) => {
        const before = now();
        edit((plan) => edits.remove(plan, id));
        const back = () => setHistory((old) => until(old, before));
        tell(t("outline.deleted", { what: headingOf(before, id) }), { label: t("shared.undo"), onclick: back });
      },
      step: (id, by, field) => {
        const plan = edits.step(now(), id, by);
        if (plan !== now()) moved(id, plan, field);
      },
      drag: (event, id) => drag(event, list.current, now(), id, (slot) => moved(id, edits.move(now(), id, slot))),
      split: (id) => edit((plan) => edits.split(plan, id)),
      merge: (id) => edit((plan) => edits.merge(plan, id)),
      toggle: (id) => set(({ open }) => ({ open: toggled(open, id) })),
      regenerate: async (id, wish) => {
        set(({ busy, problems }) => ({ busy: new Set(busy).add(id), problems: new Map(problems).set(id, null) }));
        try {
          const found = await keeper.regenerate(id, wish);
          if (found) edit((plan) => (edits.place(plan, id) ? edits.replaced(plan, id, found.outline, found.key) : plan));
          set({ said: found ? t("outline.planned_anew") : "" });
        } catch (problem) {
          set(({ problems }) => ({ problems: new Map(problems).set(id, problem) }));
        }
        set(({ busy }) => ({ busy: new Set([...busy].filter((each) => each !== id)) }));
      },
    };
  }, []);
  return { rows, actions };
}

const headingOf = (plan, id) => {
  const { p, s } = edits.place(plan, id);
  return (s < 0 ? plan.parts[p] : plan.parts[p].sections[s]).heading;
};

const toggled = (set, id) => new Set(set.has(id) ? [...set].filter((each) => each !== id) : [...set, id]);

/** Back to a plan that was the present once; what came after it can be done again. */
function until(history, plan) {
  let found = history;
  while (found.past.length && found.now !== plan) found = undone(found);
  return found.now === plan ? found : history;
}

/** Ctrl+Z and Ctrl+Y, wherever in the editor one is, also where a button has just gone. */
function useUndoKeys(list, setHistory) {
  useEffect(() => {
    const keys = (event) => {
      const which = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase();
      const here = event.target === document.body || list.current?.parentNode.contains(event.target);
      if (!here || (which !== "z" && which !== "y")) return;
      event.preventDefault();
      setHistory(which === "y" || event.shiftKey ? redone : undone);
    };
    addEventListener("keydown", keys);
    return () => removeEventListener("keydown", keys);
  }, []);
}

/**
 * @param {{document: object, run: object, loaded: {value: object, etag: string}, reload: () => Promise<void>,
 *   onDone: (() => void)|null}} props `onDone`: leaves the editor of a finished document's outline
 */
export function Editor({ document: shown, run, loaded, reload, onDone = null }) {
  const list = useRef(null);
  const finished = run.status === "done";
  const outline = useOutline(run, loaded, finished, reload);
  const { rows, actions } = useActions(outline, list);
  const { history, setHistory, keeper, kept } = outline;
  const plan = history.now;
  useEffect(() => {
    const { id, field } = rows.focus ?? {};
    list.current?.querySelector(`[data-id="${id}"] [data-field="${field}"]`)?.focus();
  }, [rows.focus]);
  useUndoKeys(list, setHistory);
  const approve = async () => {
    await keeper.flush();
    if (keeper.state !== "saved") return;
    await send("POST", `/runs/${run.run_id}/approve`);
    await reload();
    go(`/d/${shown.id}/writing`);
  };
  return html`<section class="outline">
    <p class="hint">${t(finished ? "outline.told_finished" : "outline.told")}</p>
    <${Unplaced} lines=${loaded.value.unplaced} />
    <div class="outline-rows" ref=${list}>
      <ol class="outline-list" aria-label=${t("outline.list")}>${drawn(plan, rows, shown.unit, actions, finished)}</ol>
      <div class="outline-drop" hidden /></div>
    <${Button} kind="quiet" onclick=${actions.addPart}>+ ${t("outline.add_part")}<//>
    <${Bar} plan=${plan} history=${history} setHistory=${setHistory} kept=${kept} unit=${shown.unit}
      busy=${rows.busy.size > 0} onRetry=${() => keeper.flush()} onApprove=${finished ? null : approve}
      onDone=${onDone && (() => keeper.flush().then(() => keeper.state === "saved" && onDone()))} />
    <p class="visually-hidden" role="status">${rows.said}</p>
    ${kept.state === "conflict" && html`<${Conflict} keeper=${keeper} problem=${kept.problem} setHistory=${setHistory} />`}
  </section>`;
}

function drawn(plan, { open, busy, problems }, unit, actions, finished) {
  const [without, twice] = [new Set(nameless(plan)), new Set(repeated(plan))];
  return edits.rows(plan).map(({ id, part, section }) => {
    const above = part.alone || !section ? edits.divisionAt(plan, plan.parts.indexOf(part)) : null;
    const flaw = without.has(id) ? "outline.nameless" : twice.has(id) ? "outline.repeated" : "";
    return html`${above && html`<${Above} key=${`above ${above.key}`} ...${above} />`}<${Row} key=${id} id=${id} no=${numberOf(plan, part, section)} item=${section ?? part} section=${section}
      level=${!section ? "part" : part.alone ? "alone" : "section"} target=${section ? section.target : lengthOf(part)}
      bare=${Boolean(section) && !part.alone && part.sections.length === 1} unit=${t(`shared.${unit}`)} flaw=${flaw}
      open=${open.has(id)} fixed=${finished} busy=${busy.has(id)} problem=${problems.get(id) ?? null} actions=${actions}
      canSplit=${open.has(id) && edits.canSplit(plan, id)} canMerge=${open.has(id) && edits.canMerge(plan, id)} />`;
  });
}

function numberOf(plan, part, section) {
  const no = edits.partNo(plan, plan.parts.indexOf(part));
  return section && !part.alone ? `${no}.${part.sections.indexOf(section) + 1}` : no;
}
