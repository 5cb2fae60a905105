// Who sits before this screen: sign-in, then the candidate's or the examiner's page.
import * as candidate from "./candidate.js";
import * as examiner from "./examiner.js";
import { ask, complain, content, element, main, say, view } from "./page.js";

const PAGES = { candidate, examiner };
let who = { role: "nobody", name: "" };
let station = null;

const showTop = () => {
  document.documentElement.lang = view.language;
  document.getElementById("language").textContent = view.language === "zh" ? "English" : "中文";
  const out = document.getElementById("sign-out");
  out.hidden = who.role === "nobody";
  out.textContent = say("signOut", who.name);
  if (who.role !== "nobody") return;
  document.getElementById("task").textContent = station ? `${station.station} ${station.task}` : "";
  for (const id of ["clock", "saved"]) document.getElementById(id).textContent = "";
  document.getElementById("saved").className = "";
};

const labelled = (id, text, attributes) => {
  const control = element("input", { id, autocomplete: "off", spellcheck: false, ...attributes });
  return [control, element("div", { className: "field" }, element("label", { htmlFor: id }, text), control)];
};

const heading = () => say(station?.locked ? "locked" : station?.is_taken ? "signIn" : "waiting");

const signIn = () => {
  const [code, codeField] = labelled("code", say("yourCode"), { required: true, autofocus: true });
  const [name, nameField] = labelled("name", say("yourName"), {});
  const more = element("details", {}, element("summary", {}, say("iAmExaminer")), nameField);
  const enter = async (event) => {
    event.preventDefault();
    try {
      const said = await ask("POST", "session", { code: code.value, name: more.open ? name.value : "" });
      view.turn += 1;
      content();
      await take(said);
    } catch (error) {
      complain(error);
    }
  };
  main.className = "";
  main.replaceChildren(
    element(
      "form",
      { className: "card waiting sign-in", onsubmit: enter },
      element("h1", {}, heading()),
      codeField,
      more,
      element("button", { type: "submit", className: "first" }, say("enter")),
    ),
  );
};

const take = async (said) => {
  const isNew = said.who.role !== who.role || said.who.name !== who.name;
  station = said;
  who = said.who;
  showTop();
  if (who.role === "nobody") {
    // Somebody may be typing a code: only the words above it may change.
    const shown = main.querySelector("form.sign-in h1");
    if (isNew || !shown) signIn();
    else shown.textContent = heading();
    return;
  }
  if (isNew) PAGES[who.role].open(() => refresh(true), who);
  await PAGES[who.role].refresh(isNew);
};

const leave = async () => {
  try {
    await ask("DELETE", "session");
    view.turn += 1;
    await take({ ...station, who: { role: "nobody", name: "" } });
  } catch (error) {
    complain(error);
  }
};

let busy = false;
const refresh = async (always = false) => {
  if (busy && !always) return;
  busy = true;
  try {
    const { turn } = view;
    const said = await ask("GET", "station");
    if (turn !== view.turn) return;
    await take(said);
    if (always && who.role !== "nobody") await PAGES[who.role].refresh(true);
    if (document.getElementById("problem").textContent === say("unreachable")) content();
  } catch (error) {
    // Signed out elsewhere, or another candidate was put in this seat.
    if (who.role !== "nobody" && error.status === 403) who = { role: "", name: "" };
    else complain(error);
    if (error instanceof TypeError) document.getElementById("saved").className = "light late";
  } finally {
    busy = false;
  }
};

document.getElementById("language").addEventListener("click", () => {
  view.language = view.language === "zh" ? "en" : "zh";
  localStorage.setItem("language", view.language);
  showTop();
  if (who.role === "nobody") signIn();
  else PAGES[who.role].refresh(true).catch(complain);
});
document.getElementById("sign-out").addEventListener("click", leave);
addEventListener("signout", leave);
refresh(true);
setInterval(refresh, 1000);
