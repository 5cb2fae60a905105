// What both pages share: words, elements, requests, the bar at the top.
import { words } from "./words.js";

const problem = document.getElementById("problem");
export const main = document.getElementById("main");
// "turn" counts sign-ins and sign-outs: what was asked before one is not shown after it.
export const view = {
  turn: 0,
  language: localStorage.getItem("language") ?? (navigator.language.startsWith("zh") ? "zh" : "en"),
};

export const say = (key, ...parts) => {
  const text = words[key][view.language];
  return parts.reduce((whole, part, index) => whole.replace(`{${index}}`, part), text);
};
export const inWords = (text) => text[view.language] || text.en || text.zh;

export const element = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name in made && name !== "list") made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
};

export const ask = async (method, path, body) => {
  const answer = await fetch(`api/${path}`, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const said = await answer.json();
  if (answer.ok) return said;
  const text = [said.problem, said.remedy].filter(Boolean).join(" ") || said.detail?.[0]?.msg || answer.statusText;
  throw Object.assign(new Error(text), { status: answer.status });
};

export const complain = (error) => {
  problem.textContent = error instanceof TypeError ? say("unreachable") : error.message;
  problem.hidden = false;
};
export const content = () => {
  problem.hidden = true;
};

export const clock = (seconds) => {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${String(Math.floor(whole / 60)).padStart(2, "0")}:${String(whole % 60).padStart(2, "0")}`;
};


export const minutes = (seconds) => `${(seconds / 60).toFixed(1)} min`;
export const timeOfDay = (iso) => iso.slice(11, 19);

// True as long as the disk keeps up: the time before which everything is on it.
export const showLight = (state) => {
  const saved = document.getElementById("saved");
  const running = ["preflight", "fault_armed", "fault_observed", "ready", "running", "paused"].includes(state.phase);
  if (!running || state.saved_age_s === null || state.saved_age_s === undefined) {
    saved.className = "light";
    saved.textContent = state.phase === "waiting" ? "" : say(running ? "preparingShort" : "notRunning");
    return;
  }
  const late = state.saved_age_s > 2 || state.lost.length > 0;
  const until = timeOfDay(new Date(new Date(state.at).getTime() - state.saved_age_s * 1000 + offset(state.at)).toISOString());
  saved.className = late ? "light late" : "light on";
  saved.textContent = !late
    ? say("savedUntil", until)
    : state.lost.length
      ? say("lateLost", until, state.lost.join(", "))
      : say("lateDisk", until);
};
const offset = (iso) => {
  const found = /([+-])(\d\d):(\d\d)$/.exec(iso);
  return found ? (found[1] === "-" ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3])) * 60_000 : 0;
};
