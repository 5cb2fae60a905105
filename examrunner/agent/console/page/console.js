import { words } from "./words.js";

const main = document.getElementById("main");
const problem = document.getElementById("problem");
let language = localStorage.getItem("language") ?? (navigator.language.startsWith("zh") ? "zh" : "en");
let attempt = null;
let state = { phase: "waiting" };

const say = (key, ...parts) => {
  const text = words[key][language];
  return parts.reduce((whole, part, index) => whole.replace(`{${index}}`, part), text);
};
const inWords = (text) => text[language] || text.en || text.zh;

const element = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name in made && name !== "list") made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
};

const ask = async (method, path, body) => {
  const answer = await fetch(`api/${path}`, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error([said.problem, said.remedy].filter(Boolean).join(" ") || answer.statusText);
  return said;
};

const complain = (error) => {
  problem.textContent = error instanceof TypeError ? say("unreachable") : error.message;
  problem.hidden = false;
};
const content = () => {
  problem.hidden = true;
};

const clock = (seconds) => {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${String(Math.floor(whole / 60)).padStart(2, "0")}:${String(whole % 60).padStart(2, "0")}`;
};

const showTop = () => {
  document.documentElement.lang = language;
  document.getElementById("language").textContent = language === "zh" ? "English" : "中文";
  document.getElementById("task").textContent = attempt
    ? `${attempt.task} ${inWords(attempt.title)} · ${attempt.candidate}`
    : "";
  const running = attempt && (state.phase === "running" || state.phase === "paused");
  document.getElementById("clock").textContent = running ? clock(state.left_s) : "";
  const saved = document.getElementById("saved");
  saved.className = running ? "light on" : "light";
  saved.textContent = !attempt
    ? ""
    : state.phase === "paused"
      ? say("paused", state.paused)
      : running
        ? state.saved_s === null
          ? say("recording")
          : say("savedUntil", clock(state.saved_s))
        : say("notRunning");
};

const sheet = () => {
  const text = attempt.sheets[language] ?? attempt.sheets.zh ?? attempt.sheets.en ?? "";
  const card = element("section", { className: "card sheet" });
  let list = null;
  for (const line of text.split("\n")) {
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
      showTop();
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
  return { holder, save, note };
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

const form = () => {
  const fields = attempt.form.map((one) => ({ one, made: field(one) }));
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
          ? say("handInMissing", missing.map((one) => inWords(one.label)).join(language === "zh" ? "、" : ", "))
          : say("handInSure");
        if (!confirm(question)) return;
        try {
          state = await ask("POST", "submission");
          await refresh(true);
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

const showAll = () => {
  showTop();
  if (!attempt || ["stopped", "judged", "cleared", "delivered"].includes(state.phase)) {
    main.className = "";
    const text = attempt ? say("over") : say("waiting");
    main.replaceChildren(element("section", { className: "card waiting" }, element("h1", {}, text)));
    return;
  }
  if (state.phase !== "running" && state.phase !== "paused") {
    main.className = "";
    main.replaceChildren(
      element("section", { className: "card waiting" }, element("h1", {}, say("preparing"))),
      sheet(),
    );
    return;
  }
  main.className = "two";
  main.replaceChildren(
    element("div", { className: "column" }, sheet()),
    element("div", { className: "column" }, ...form()),
  );
};

const refresh = async (always = false) => {
  const before = `${attempt?.task}/${attempt?.candidate}/${state.phase}`;
  try {
    state = await ask("GET", "state");
    if (state.phase === "waiting") attempt = null;
    else if (!attempt || always) attempt = (await ask("GET", "attempt")).attempt;
    if (problem.textContent === say("unreachable")) content();
  } catch (error) {
    complain(error);
    return;
  }
  const after = `${attempt?.task}/${attempt?.candidate}/${state.phase}`;
  if (always || before !== after) showAll();
  else showTop();
};

document.getElementById("language").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  localStorage.setItem("language", language);
  showAll();
});
refresh(true);
setInterval(refresh, 1000);
