import type { AttemptDetail } from "../messages";
import { useWords } from "../words";
import { moment, range } from "./shared";

/** Every score and decision, none ever overwritten. */
export function History({ detail }: { detail: AttemptDetail }) {
  const { say, language } = useWords();
  const { provisional, scores, confirmation, recording } = detail;
  return (
    <section class="card">
      <h2>{say("history")}</h2>
      <ol class="history">
        {provisional?.score && (
          <li>
            <b>{range(provisional.score.points)}</b> {say("provisional")}
            <span class="faint"> {moment(provisional.at, language)}</span>
          </li>
        )}
        {scores.map((kept) => (
          <li key={kept.number}>
            <b>{range(kept.score.points)}</b>{" "}
            {say(kept.cause === "judged" ? "judgedScore" : "decidedScore")}
            <span class="faint"> {moment(kept.at, language)}</span>
          </li>
        ))}
        {confirmation && (
          <li>
            {say("confirmedBy")} {confirmation.by}
            <span class="faint"> {moment(confirmation.at, language)}</span>
          </li>
        )}
      </ol>
      {recording && (
        <p class="small faint digest">
          {say("recording")} {recording}
        </p>
      )}
    </section>
  );
}
