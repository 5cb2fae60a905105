import type { ComponentChildren } from "preact";

import { Refusal } from "../api";
import type { Loaded } from "../api";
import type { AttemptState, Outcome, Points, Verdict } from "../messages";
import { useWords } from "../words";

/** Waits for what is loaded; an error keeps what was there and says what to do. */
export function When<T>({
  loaded,
  children,
}: {
  loaded: Loaded<T>;
  children: (value: T) => ComponentChildren;
}) {
  const { say } = useWords();
  const { value, error, reload } = loaded;
  return (
    <>
      {error && <Trouble error={error} again={reload} />}
      {value !== undefined ? children(value) : !error && <p class="faint">{say("loading")}</p>}
    </>
  );
}

export function Trouble({ error, again }: { error: Error; again?: () => void }) {
  const { say } = useWords();
  return (
    <div class="trouble" role="alert">
      <strong>{error.message}</strong>
      {error instanceof Refusal && <p>{error.remedy}</p>}
      {again && (
        <button type="button" onClick={again}>
          {say("retry")}
        </button>
      )}
    </div>
  );
}

export function VerdictBadge({ verdict }: { verdict: Verdict }) {
  const { say } = useWords();
  return <span class={`badge ${verdict}`}>{say(verdict)}</span>;
}

export function StateBadge({ state }: { state: AttemptState }) {
  const { say } = useWords();
  return <span class={`badge state ${state}`}>{say(state)}</span>;
}

export function OutcomeBadge({ outcome }: { outcome: Outcome }) {
  const { say } = useWords();
  return <span class={`badge ${outcome}`}>{say(outcome)}</span>;
}

/** `71.5`, or `62.0 – 71.5` while something is open. */
export function range(points: { low: string; high: string }): string {
  const [low, high] = [short(points.low), short(points.high)];
  return low === high ? low : `${low} – ${high}`;
}

/** Points of one line have four decimals; two are enough to read. */
function short(points: string): string {
  return String(Math.round(Number(points) * 100) / 100);
}

export function PointsText({ points }: { points: Points }) {
  return (
    <span class="points">
      <b>{range(points)}</b>
      <span class="faint"> / {points.max}</span>
    </span>
  );
}

export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const minutes = Math.floor(whole / 60);
  return `${minutes}:${String(whole % 60).padStart(2, "0")}`;
}

export function moment(text: string, language: string): string {
  return new Date(text).toLocaleString(language === "zh" ? "zh-CN" : "en-GB", {
    dateStyle: "medium",
    timeStyle: "short",
  });
}
