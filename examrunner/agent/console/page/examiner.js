// The examiner's page: start, pause, stop, bookmarks, judgement, vetoes, ledger, paper.
import { ask, clock, complain, content, element, inWords, main, say, showLight, timeOfDay, view } from "./page.js";

const OVER = ["stopped", "judged", "voided", "cleared", "delivered"];
let chosen = null;
let me = "";
let last = new Map();

const act = async (path, body = {}) => {
  try {
    const said = await ask("POST", `examiner/attempts/${chosen}/${path}`, body);
    content();
    show(said);
    return true;
  } catch (error) {
    complain(error);
    return false;
  }
};

// A part of the page is built anew only when what it shows has changed, so that
// nothing that somebody is typing goes away.
const part = (id, data, build) => {
  const key = JSON.stringify([view.language, data]);
  const holder = document.getElementById(id);
  if (!holder || last.get(id) === key) return;
  last.set(id, key);
  holder.replaceChildren(...build().filter(Boolean));
  holder.hidden = !holder.children.length;
};

const button = (text, onclick, className = "") => element("button", { type: "button", className, onclick }, text);
const input = (id, attributes = {}) => element("input", { id, autocomplete: "off", ...attributes });
const labelled = (text, control, className = "field") =>
  element("div", { className }, element("label", { htmlFor: control.id }, text), control);
const select = (id, options) =>
  element("select", { id }, ...Object.entries(options).map(([key, words]) => element("option", { value: key }, inWords(words))));
const table = (head, rows) =>
  element(
    "div",
    { className: "scroll" },
    element(
      "table",
      {},
      element("tr", {}, ...head.map((text) => element("th", {}, text))),
      ...rows.map((cells) => element("tr", {}, ...cells.map((cell) => element("td", {}, cell)))),
    ),
  );
const heading = (key) => element("h2", {}, say(key));

const head = (one) => [
  element("h1", {}, `${one.task} ${inWords(one.title)}`),
  element("p", { className: "who" }, `${one.candidate} ${one.name}`),
  element("p", {}, say(`phase_${one.phase}`), one.outcome ? ` · ${say(`outcome_${one.outcome}`)}` : ""),
  one.state.paused
    ? element("p", { className: "pause" }, say("paused", [inWords(one.state.paused), one.state.paused.note].filter(Boolean).join(": ")))
    : null,
  OVER.includes(one.phase) || one.confirmed ? null : element("p", { className: "note" }, say("notConfirmed")),
];

const duty = (one) => {
  const now = one.duties.at(-1)?.name ?? "";
  const code = input("handover-code");
  const name = input("handover-name");
  return [
    heading("responsible"),
    element("p", {}, now ? say("isResponsible", now, timeOfDay(one.duties.at(-1).since)) : say("nobodyResponsible")),
    now !== me
      ? null
      : element(
          "details",
          {},
          element("summary", {}, say("handOver")),
          element("p", { className: "note" }, say("handOverHint")),
          labelled(say("otherName"), name),
          labelled(say("otherCode"), code),
          button(say("handOver"), async () => {
            if (await act("handover", { code: code.value, name: name.value })) code.value = "";
          }),
        ),
  ];
};

const controls = (one) => {
  if (OVER.includes(one.phase) || !one.is_here) return [];
  const running = one.phase === "running" || one.phase === "paused";
  const cause = select("cause", one.causes);
  const note = input("cause-note");
  const seconds = input("credit-seconds", { type: "number", min: "1", value: "60" });
  const outcome = select("outcome", one.outcomes);
  const reason = input("end-reason");
  const mark = input("bookmark-note");
  const sure = (question) => confirm(question);
  return [
    heading("acts"),
    one.phase === "ready" ? button(say("start"), () => act("start"), "first large") : null,
    one.phase === "paused" ? button(say("resume"), () => act("resume"), "first large") : null,
    running
      ? element(
          "div",
          { className: "group" },
          labelled(say("cause"), cause),
          labelled(say("note"), note),
          element(
            "div",
            { className: "row" },
            one.phase === "running" ? button(say("pause"), () => act("pause", { cause: cause.value, note: note.value })) : null,
            labelled(say("seconds"), seconds, "field narrow"),
            button(say("credit"), () => act("credit", { cause: cause.value, note: note.value, seconds: Number(seconds.value) })),
          ),
        )
      : null,
    running
      ? element(
          "div",
          { className: "group row" },
          labelled(say("bookmarkNote"), mark, "field grow"),
          button(say("bookmark"), async () => {
            if (await act("bookmarks", { note: mark.value })) mark.value = "";
          }),
        )
      : null,
    element(
      "details",
      { className: "group" },
      element("summary", {}, say("end")),
      labelled(say("outcomeOf"), outcome),
      labelled(say("reason"), reason),
      button(say("end"), () => {
        const chosenOutcome = outcome.selectedOptions[0].textContent;
        if (sure(say("endSure", chosenOutcome))) act("end", { outcome: outcome.value, reason: reason.value });
      }),
    ),
    reassign(),
    button(say("emergency"), () => sure(say("emergencySure")) && act("end", { outcome: "unsafe", reason: say("emergency") }), "danger"),
  ];
};

const reassign = () => {
  const code = input("reassign-code");
  const reason = input("reassign-reason");
  return element(
    "details",
    { className: "group" },
    element("summary", {}, say("reassign")),
    element("p", { className: "note" }, say("reassignHint")),
    labelled(say("actualCode"), code),
    labelled(say("reason"), reason),
    button(say("reassign"), () => act("reassignment", { candidate: code.value, reason: reason.value })),
  );
};

const answers = (one) => [
  heading("answersSoFar"),
  table(
    [say("field"), say("answer")],
    one.form.map((field) => [inWords(field.label), shown(one.values[field.id], field)]),
  ),
];
const shown = (value, field) => {
  if (value === undefined || value === "" || value === null) return "–";
  if (field.type === "file") return value.name ?? "–";
  if (typeof value === "object") return JSON.stringify(value);
  const option = field.options[value];
  return option ? inWords(option) : `${value} ${field.unit}`.trim();
};

const items = (one) =>
  !one.items.length
    ? []
    : [
        heading("items"),
        ...one.items.map((item) => {
          const mine = item.given.filter((given) => given.by === me).at(-1);
          return element(
            "fieldset",
            {},
            element("legend", {}, `${item.id} · ${inWords(item.text)} (${item.points})`),
            ...item.levels.map((level, index) =>
              element(
                "label",
                { className: "check" },
                element("input", {
                  type: "radio",
                  name: `item-${item.id}`,
                  checked: mine?.level === index,
                  onchange: () => act("marks", { criterion: item.id, level: index }),
                }),
                `${index}: ${inWords(level)}`,
              ),
            ),
            element("p", { className: "note" }, item.given.map((given) => `${given.by}: ${given.level}`).join(", ")),
          );
        }),
      ];

const score = (one) => {
  if (one.phase === "voided" || one.outcome === "rig_fault" || one.outcome === "wrong_candidate") {
    return [heading("score"), element("p", { className: "pause" }, say("void"))];
  }
  if (!one.score) return OVER.includes(one.phase) ? [heading("score"), element("p", { role: "status" }, say("scoring"))] : [];
  const { points, verdict, criteria } = one.score;
  const held = criteria.filter((line) => line.kind === "veto");
  return [
    heading("score"),
    element("p", { className: "points" }, points.low === points.high ? `${points.low} / ${points.max}` : `${points.low} – ${points.high} / ${points.max}`),
    element("p", {}, say(`verdict_${verdict}`)),
    ...held.map((line) => veto(line)),
    element(
      "details",
      {},
      element("summary", {}, say("lines")),
      table(
        ["", say("points"), say("why")],
        criteria.map((line) => [
          `${line.id} ${inWords(line.title)}`,
          line.points.low === line.points.high ? line.points.low : `${line.points.low}–${line.points.high}`,
          inWords(line.reason),
        ]),
      ),
    ),
  ];
};

const veto = (line) => {
  const reason = input(`veto-${line.id}`);
  const decide = (confirmed) => act("vetoes", { veto: line.id, confirm: confirmed, reason: reason.value });
  return element(
    "fieldset",
    { className: "veto" },
    element("legend", {}, `${line.id} ${inWords(line.title)}`),
    element("p", {}, inWords(line.reason)),
    labelled(say("reason"), reason),
    element(
      "div",
      { className: "row" },
      button(say("confirmVeto"), () => decide(true), "danger"),
      button(say("rejectVeto"), () => decide(false)),
    ),
  );
};

const ledger = (one) => [
  heading("ledger"),
  one.ledger.length
    ? table(
        [say("examTime"), say("cause"), say("seconds"), say("by")],
        one.ledger.map((line) => [
          clock(line.exam_s),
          `${say(line.kind)}: ${inWords(line.words)} ${line.note}`,
          line.kind === "pause" && one.phase === "paused" && line === one.ledger.at(-1) ? "…" : line.seconds.toFixed(1),
          line.by,
        ]),
      )
    : element("p", {}, say("noLedger")),
  ...one.signatures.map((sign) =>
    element("p", { className: sign.holds ? "saved" : "failed" }, `${say(sign.holds ? "signedBy" : "staleSign", sign.by)} ${timeOfDay(sign.at)}`),
  ),
  OVER.includes(one.phase) ? signing() : null,
];

const signing = () => {
  const code = input("examiner-sign");
  return element(
    "div",
    { className: "row" },
    labelled(say("yourCode"), code, "field grow"),
    button(say("sign"), async () => {
      if (await act("signature", { code: code.value })) code.value = "";
    }),
  );
};

const bookmarks = (one) =>
  !one.bookmarks.length
    ? []
    : [
        heading("bookmarks"),
        element("ul", {}, ...one.bookmarks.map((mark) => element("li", {}, `${timeOfDay(mark.at)} ${mark.note} (${mark.by})`))),
      ];

const paperLink = (one) => [
  element(
    "a",
    { href: `api/examiner/attempts/${one.id}/protocol?lang=${view.language}`, target: "_blank" },
    say("paper"),
  ),
];

const show = (one) => {
  document.getElementById("task").textContent = `${one.task} · ${one.candidate} ${one.name}`;
  const running = one.phase === "running" || one.phase === "paused";
  document.getElementById("clock").textContent = running ? clock(one.state.left_s) : "";
  showLight({ ...one.state, at: one.at });
  const steady = one.phase === "paused" ? one.ledger.map((line) => ({ ...line, seconds: 0 })) : one.ledger;
  part("x-head", [one.phase, one.candidate, one.outcome, one.confirmed, one.state.paused], () => head(one));
  part("x-duty", [one.duties, me], () => duty(one));
  part("x-acts", [one.phase, one.is_here], () => controls(one));
  part("x-answers", [one.form.length, one.values], () => answers(one));
  part("x-items", one.items, () => items(one));
  part("x-score", [one.phase, one.outcome, one.score], () => score(one));
  part("x-ledger", [steady, one.signatures, OVER.includes(one.phase)], () => ledger(one));
  part("x-marks", one.bookmarks, () => bookmarks(one));
  part("x-paper", one.id, () => paperLink(one));
};

const COLUMNS = [
  ["x-head", "x-duty", "x-acts", "x-ledger", "x-paper"],
  ["x-score", "x-items", "x-answers", "x-marks"],
];
const skeleton = () => {
  last = new Map();
  main.className = "two";
  main.replaceChildren(
    ...COLUMNS.map((ids, index) =>
      element(
        "div",
        { className: "column" },
        ...(index === 0
          ? [element("section", { className: "card pause", id: "x-lock", hidden: true }), element("nav", { className: "card", id: "x-list", hidden: true })]
          : []),
        ...ids.map((id) => element("section", { className: "card", id, hidden: true })),
      ),
    ),
  );
};

const list = (attempts) =>
  attempts.length < 2
    ? []
    : [
        labelled(
          say("attempts"),
          element(
            "select",
            {
              id: "x-choice",
              onchange: (event) => {
                chosen = event.target.value;
                refresh(true).catch(complain);
              },
            },
            ...attempts.map((one) =>
              element(
                "option",
                { value: one.id, selected: one.id === chosen },
                `${one.task} ${one.candidate} ${one.name} · ${say(`phase_${one.phase}`)}`,
              ),
            ),
          ),
        ),
      ];

const lock = (locked) =>
  !locked
    ? []
    : [
        heading("rigLocked"),
        element("p", {}, locked.reason),
        button(say("release"), async () => {
          if (!confirm(say("releaseSure"))) return;
          try {
            await ask("POST", "examiner/rig/release", {});
            await refresh(true);
          } catch (error) {
            complain(error);
          }
        }),
      ];

export const refresh = async (always) => {
  const { turn } = view;
  const { attempts, locked } = await ask("GET", "examiner/attempts");
  if (turn !== view.turn) return;
  const here = attempts.find((one) => one.is_here);
  const newest = here ?? attempts[0];
  if (!attempts.some((one) => one.id === chosen)) chosen = newest?.id ?? null;
  if (always || !document.getElementById("x-head")) skeleton();
  part("x-lock", locked, () => lock(locked));
  part("x-list", [attempts, chosen], () => list(attempts));
  if (chosen === null) {
    document.getElementById("task").textContent = "";
    part("x-head", "none", () => [element("h1", {}, say("waiting"))]);
    return;
  }
  const one = await ask("GET", `examiner/attempts/${chosen}`);
  if (turn === view.turn) show(one);
};

export const open = (_more, who) => {
  me = who.name;
  chosen = null;
  main.replaceChildren();
};
