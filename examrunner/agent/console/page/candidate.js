// The candidate's page: identity, sheet, form, bench tool, proof of submission.
import { ask, clock, complain, content, element, inWords, main, say, showLight, view } from "./page.js";

let attempt = null;
let state = { phase: "waiting" };
let again = () => {};

const showTop = () => {
  document.getElementById("task").textContent = attempt
    ? `${attempt.task} ${inWords(attempt.title)} · ${attempt.candidate} ${attempt.name}`
    : "";
  const running = attempt && (state.phase === "running" || state.phase === "paused");
  document.getElementById("clock").textContent = running ? clock(state.left_s) : "";
  showLight(state);
};

const sheet = () => {
  const text = attempt.sheets[view.language] ?? attempt.sheets.zh ?? attempt.sheets.en ?? "";
  const card = element("section", { className: "card sheet" });
  let list = null;
  let rows = null;
  for (const line of text.split("\n")) {
    if (line.startsWith("|")) {
      const cells = line.split("|").slice(1, -1).map((cell) => cell.trim());
      if (!rows) card.append(element("div", { className: "scroll" }, (rows = element("table"))));
      if (cells.every((cell) => /^:?-+:?$/.test(cell))) continue;
      const kind = rows.children.length ? "td" : "th";
      rows.append(element("tr", {}, ...cells.map((cell) => element(kind, {}, cell))));
      continue;
    }
    rows = null;
    const heading = /^(#+)\s+(.*)/.exec(line);
    const item = /^(?:(\d+)\.|[-*])\s+(.*)/.exec(line);
    if (item) {
      const kind = item[1] ? "ol" : "ul";
      if (list?.tagName.toLowerCase() !== kind) card.append((list = element(kind)));
      list.append(element("li", {}, item[2]));
    } else {
      list = null;
      if (heading) card.append(element(heading[1].length > 1 ? "h3" : "h1", {}, heading[2]));
      else if (line.trim()) card.append(element("p", {}, line));
    }
  }
  return card;
};

const base64 = async (file) => {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return { name: file.name, media_type: file.type || "application/octet-stream", base64: btoa(text) };
};

const field = (one) => {
  const note = element("span", { className: "state" });
  let waiting = null;
  const save = async (value) => {
    clearTimeout(waiting);
    attempt.values[one.id] = value;
    note.className = "state";
    note.textContent = say("saving");
    try {
      state = await ask("PUT", `fields/${one.id}`, { value });
      note.className = "state saved";
      note.textContent = say("saved");
      content();
    } catch (error) {
      note.className = "state failed";
      note.textContent = say("notSaved");
      complain(error);
    }
  };
  const soon = (value) => {
    clearTimeout(waiting);
    note.textContent = say("typing");
    waiting = setTimeout(() => save(value()), 600);
  };
  const wide = one.type === "text" || one.type === "table" || one.type === "file" || one.type === "multi";
  const name = inWords(one.label) + (one.unit ? ` (${one.unit})` : "") + (one.mandatory ? "" : ` · ${say("optional")}`);
  const holder = element("div", { className: wide ? "field wide" : "field" });
  const known = attempt.values[one.id];
  const typed = (kind, value, change) =>
    element(kind, {
      value: value ?? "",
      autocomplete: "off",
      spellcheck: false,
      oninput: (event) => soon(() => change(event.target.value)),
      onchange: (event) => save(change(event.target.value)),
    });
  const labelled = (control) => {
    control.id = `field-${one.id}`;
    holder.append(element("label", { htmlFor: control.id }, name), control);
  };
  if (one.type === "choice") {
    const empty = element("option", { value: "" }, "–");
    const options = Object.entries(one.options).map(([key, label]) =>
      element("option", { value: key, selected: known === key }, inWords(label)),
    );
    labelled(element("select", { onchange: (event) => save(event.target.value) }, empty, ...options));
  } else if (one.type === "multi") {
    const chosen = new Set(Array.isArray(known) ? known : []);
    holder.append(
      element("span", { className: "name" }, name),
      element(
        "div",
        { className: "row" },
        ...Object.entries(one.options).map(([key, label]) =>
          element(
            "label",
            { className: "check" },
            element("input", {
              type: "checkbox",
              checked: chosen.has(key),
              onchange: (event) => {
                if (event.target.checked) chosen.add(key);
                else chosen.delete(key);
                save([...chosen]);
              },
            }),
            inWords(label),
          ),
        ),
      ),
    );
  } else if (one.type === "table") {
    const rows = { ...(known ?? {}) };
    holder.append(
      element("span", { className: "name" }, name),
      element(
        "div",
        { className: "fields" },
        ...Object.entries(one.rows).map(([key, label]) =>
          element(
            "label",
            {},
            inWords(label),
            typed("input", rows[key], (text) => {
              rows[key] = text;
              return { ...rows };
            }),
          ),
        ),
      ),
    );
  } else if (one.type === "file") {
    labelled(
      element("input", {
        type: "file",
        onchange: async (event) => {
          if (event.target.files[0]) save(await base64(event.target.files[0]));
        },
      }),
    );
    note.textContent = known?.name ? say("handedIn", known.name) : "";
  } else {
    labelled(typed(one.type === "text" ? "textarea" : "input", known, (text) => text));
  }
  if (one.reported) {
    holder.append(
      element(
        "button",
        {
          type: "button",
          className: "small",
          title: say("reportHint"),
          onclick: async () => {
            try {
              state = await ask("POST", `fields/${one.id}/submission`);
              note.className = "state saved";
              note.textContent = say("reported");
            } catch (error) {
              complain(error);
            }
          },
        },
        say("report"),
      ),
    );
  }
  holder.append(note);
  const unsaved = () => note.className.includes("failed");
  return { holder, save, note, retry: () => unsaved() && save(attempt.values[one.id]) };
};

const bench = (one, target) => {
  const card = element("section", { className: "card", id: `bench-${one.id}` });
  const list = element("ul", { className: "stills" });
  const result = element("div");
  const free = element("input", { type: "checkbox", checked: true });
  const viewer = element("dialog", { onclick: () => viewer.close() });
  const path = `cameras/${one.camera}`;
  const count = element("p", { className: "note", role: "status" });

  const verdict = (still) =>
    still.refusal ? say("refused", still.refusal) : still.blurred ? say("blurred") : "";
  const show = (stills) => {
    count.textContent = stills.length ? say("kept", stills.length) : say("noStills");
    list.replaceChildren(
      ...stills.map((still, index) =>
        element(
          "li",
          { className: verdict(still) ? "still bad" : "still" },
          element("img", {
            src: `api/${path}/stills/${still.name}?small=true`,
            alt: say("stillAlt", index + 1),
            loading: "lazy",
            onclick: () => {
              viewer.replaceChildren(
                element("img", { src: `api/${path}/stills/${still.name}`, alt: say("stillAlt", index + 1) }),
              );
              viewer.showModal();
            },
          }),
          element(
            "div",
            {},
            element("span", {}, say("corners", still.corners)),
            still.sharpness === null ? null : element("span", {}, ` · ${say("sharpness", still.sharpness)}`),
            verdict(still) ? element("p", { className: "verdict" }, verdict(still)) : null,
            element(
              "div",
              { className: "row" },
              element("button", { type: "button", className: "small", onclick: () => discard(still) }, say("discard")),
              element(
                "button",
                {
                  type: "button",
                  className: "small",
                  onclick: async () => {
                    if (await discard(still)) take();
                  },
                },
                say("retake"),
              ),
            ),
          ),
        ),
      ),
    );
  };
  const guarded = async (button, act) => {
    if (button) button.disabled = true;
    try {
      await act();
      content();
      return true;
    } catch (error) {
      complain(error);
      return false;
    } finally {
      if (button) button.disabled = false;
    }
  };
  const discard = (still) =>
    guarded(null, async () => show((await ask("DELETE", `${path}/stills/${still.name}`)).stills));
  const take = () => guarded(taking, async () => show((await ask("POST", `${path}/stills`)).stills));
  const compute = () =>
    guarded(computing, async () => showResult(await ask("POST", `${path}/calibration`, { hold_k3: !free.checked })));
  const showResult = (found) => {
    result.replaceChildren();
    if (!found.camera_matrix) {
      result.append(element("p", { className: "verdict" }, say("nothing"), " ", ...(found.problems ?? [])));
      return;
    }
    const [[fx, , cx], [, fy, cy]] = found.camera_matrix;
    const names = ["k1", "k2", "p1", "p2", "k3"];
    const numbers = { fx, fy, cx, cy };
    found.distortion.forEach((value, index) => (numbers[names[index]] = value));
    const used = found.views.filter((view) => view.used).length;
    result.append(
      element("h3", {}, say("result")),
      element(
        "div",
        { className: "scroll" },
        element(
          "table",
          {},
          ...Object.entries(numbers).map(([name, value]) =>
            element(
              "tr",
              {},
              element("th", { scope: "row" }, name),
              element("td", { className: "number" }, value.toFixed(name.length === 2 && "fc".includes(name[0]) ? 3 : 6)),
            ),
          ),
        ),
      ),
      element("p", {}, say("error", found.rms_px.toFixed(3), used)),
      element(
        "details",
        {},
        element("summary", {}, say("perView")),
        element(
          "ul",
          {},
          ...found.views.map((view) =>
            element("li", {}, `${view.image}: ${view.error_px === null ? view.reason : `${view.error_px.toFixed(3)} px`}`),
          ),
        ),
      ),
      ...(found.problems ?? []).map((text) => element("p", { className: "note" }, text)),
      element(
        "button",
        { type: "button", className: "first", onclick: () => target.save(found.file) },
        say("saveCalibration"),
      ),
    );
  };
  const taking = element("button", { type: "button", className: "first", onclick: take }, say("take"));
  const computing = element("button", { type: "button", onclick: compute }, say("compute"));
  card.append(
    element("h2", {}, say("bench")),
    element("p", { className: "note" }, say("benchHint")),
    element("div", { className: "row" }, taking, computing, element("label", { className: "check" }, free, say("freeK3"))),
    count,
    list,
    result,
    viewer,
  );
  ask("GET", `${path}/stills`).then((said) => show(said.stills), complain);
  return card;
};

let fields = [];
const form = () => {
  fields = attempt.form.map((one) => ({ one, made: field(one) }));
  const tools = fields.filter(({ one }) => one.tool === "camera_calibration").map(({ one, made }) => bench(one, made));
  const end = element(
    "button",
    {
      type: "button",
      className: "first",
      onclick: async () => {
        const missing = attempt.form.filter(
          (one) => one.mandatory && [undefined, "", null].includes(attempt.values[one.id]),
        );
        const question = missing.length
          ? say("handInMissing", missing.map((one) => inWords(one.label)).join(view.language === "zh" ? "、" : ", "))
          : say("handInSure");
        if (!confirm(question)) return;
        try {
          state = await ask("POST", "submission");
          again();
        } catch (error) {
          complain(error);
        }
      },
    },
    say("handIn"),
  );
  const answers = element(
    "section",
    { className: "card" },
    element("h2", {}, say("answers")),
    element("div", { className: "fields" }, ...fields.map(({ made }) => made.holder)),
    element("p", { className: "note" }, say("autosave")),
    end,
  );
  return [...tools, answers];
};


const card = (title, ...parts) =>
  element("section", { className: "card waiting" }, element("h1", {}, title), ...parts);

const identity = () =>
  card(
    say("isThisYou"),
    element("p", { className: "who" }, attempt.name || attempt.candidate),
    element("p", {}, `${attempt.candidate} · ${attempt.task} ${inWords(attempt.title)}`),
    element(
      "div",
      { className: "row centred" },
      element(
        "button",
        {
          type: "button",
          className: "first",
          onclick: async () => {
            try {
              state = await ask("POST", "identity");
              draw();
            } catch (error) {
              complain(error);
            }
          },
        },
        say("thisIsMe"),
      ),
      element("button", { type: "button", onclick: () => dispatchEvent(new Event("signout")) }, say("notMe")),
    ),
  );

const over = () => {
  const holder = card(say("over"), element("p", {}, state.outcome ? say("outcome", say(`outcome_${state.outcome}`)) : ""));
  const proof = element("div", { className: "proof" });
  holder.append(proof);
  ask("GET", "proof").then((made) => {
    const picture = element("img", {
      alt: say("proofAlt"),
      src: `data:image/svg+xml;base64,${btoa(made.picture)}`,
    });
    proof.replaceChildren(
      element("h2", {}, say("proof")),
      element("p", { className: "code" }, made.code),
      picture,
      element("p", { className: "note" }, say("proofHint")),
    );
  }, complain);
  if (attempt.mode === "practice") holder.append(practice());
  const mine = state.signatures.filter((one) => one.role === "candidate" && one.holds);
  if (mine.length) holder.append(element("p", { className: "saved" }, say("signed")));
  else {
    const code = element("input", { id: "sign-code", autocomplete: "off" });
    holder.append(
      element(
        "form",
        {
          className: "sign",
          onsubmit: async (event) => {
            event.preventDefault();
            try {
              state = await ask("POST", "signature", { code: code.value });
              content();
              draw();
            } catch (error) {
              complain(error);
            }
          },
        },
        element("h2", {}, say("signLedger")),
        element("p", { className: "note" }, say("signHint")),
        element("label", { htmlFor: "sign-code" }, say("yourCode")),
        element("div", { className: "row" }, code, element("button", { type: "submit" }, say("sign"))),
      ),
    );
  }
  return holder;
};

// Each step with what it earned, why, and the seconds that show it.
const SCORED_WITHIN_S = 60;
const practice = () => {
  const holder = element("section", { className: "practice" }, element("p", { role: "status" }, say("practiceScoring")));
  const { turn } = view;
  const look = async (left) => {
    if (turn !== view.turn) return;
    try {
      const told = await ask("GET", "feedback");
      if (told.steps) holder.replaceChildren(...steps(told));
      else if (left > 0) setTimeout(() => look(left - 1), 1000);
      else holder.replaceChildren(element("p", { role: "status" }, say("practiceNone")));
    } catch (error) {
      complain(error);
    }
  };
  look(SCORED_WITHIN_S);
  return holder;
};

const rounded = (points) => `${Number(Number(points).toFixed(2))}`;
const earned = ({ low, high, max }) => `${[...new Set([rounded(low), rounded(high)])].join("–")} / ${rounded(max)}`;
const tone = ({ low, high, max }) => {
  if (low !== high) return "open";
  return Number(low) >= Number(max) ? "met" : Number(high) > 0 ? "partly" : "missed";
};
const steps = ({ points, steps: listed }) => [
  element("h2", {}, say("practice")),
  element("p", { className: "points" }, earned(points)),
  element("p", { className: "note" }, say("practiceHint")),
  element("h2", {}, say("steps")),
  element(
    "ol",
    { className: "steps" },
    ...listed.map((step) =>
      element(
        "li",
        { className: Number(step.points.max) ? tone(step.points) : "open" },
        element(
          "p",
          { className: "step" },
          element("strong", {}, `${step.id} ${inWords(step.title)}`),
          element("span", {}, Number(step.points.max) ? earned(step.points) : ""),
        ),
        step.reason ? element("p", {}, inWords(step.reason)) : null,
        step.points.low === step.points.high ? null : element("p", { className: "note" }, say("practiceOpen")),
        step.evidence?.length
          ? element("p", { className: "note" }, seconds(step.evidence))
          : null,
      ),
    ),
  ),
];
const MOST_SPANS = 4;
const seconds = (evidence) => {
  const spans = evidence.map(({ from_s, to_s }) => [...new Set([from_s.toFixed(1), to_s.toFixed(1)])].join("–"));
  const once = [...new Set(spans)];
  return say("practiceSeconds", once.slice(0, MOST_SPANS).join(", ") + (once.length > MOST_SPANS ? " …" : ""));
};

const draw = () => {
  showTop();
  main.className = "";
  if (!attempt) main.replaceChildren(card(say("waiting")));
  else if (["stopped", "judged", "voided", "cleared", "delivered"].includes(state.phase)) main.replaceChildren(over());
  else if (!state.confirmed) main.replaceChildren(identity());
  else if (state.phase === "running" || state.phase === "paused") {
    main.className = "two";
    main.replaceChildren(
      element("div", { className: "column" }, pauseNote(), sheet()),
      element("div", { className: "column" }, ...form()),
    );
    follow();
  } else main.replaceChildren(card(say(state.phase === "ready" ? "ready" : "preparing")), sheet());
};

const pauseNote = () => element("section", { className: "card pause", id: "pause", role: "status", hidden: true });
const follow = () => {
  const note = document.getElementById("pause");
  if (!note) return;
  note.hidden = state.phase !== "paused";
  if (state.paused) note.textContent = say("paused", [inWords(state.paused), state.paused.note].filter(Boolean).join(": "));
};

const stage = () => {
  const running = state.phase === "paused" ? "running" : state.phase;
  const late = ["stopped", "judged", "voided", "cleared", "delivered"].includes(running) ? "over" : running;
  return [attempt?.task, attempt?.candidate, late, state.confirmed].join("/");
};

export const refresh = async (always) => {
  const before = stage();
  const wasPaused = state.phase === "paused";
  const { turn } = view;
  const said = await ask("GET", "state");
  const asked = !attempt || always ? await ask("GET", "attempt") : attempt;
  if (turn !== view.turn) return;
  state = said;
  attempt = asked;
  if (always || before !== stage()) draw();
  else {
    showTop();
    follow();
  }
  if (wasPaused && state.phase === "running") fields.forEach(({ made }) => made.retry());
};

export const open = (more) => {
  attempt = null;
  again = more;
};
