import { useCallback } from "preact/hooks";

import { all, useLive, useLoaded } from "../api";
import type { Attempt, Station } from "../messages";
import { clock, range, StateBadge, VerdictBadge, When } from "../parts/shared";
import { useWords } from "../words";

/** All stations and attempts, kept up to date while the page is open. */
export function HallPage() {
  const { say } = useWords();
  const stations = useLoaded(() => all<Station>("stations"), "stations");
  const attempts = useLoaded(() => all<Attempt>("attempts"), "attempts");
  const changed = useCallback(() => {
    stations.reload();
    attempts.reload();
  }, [stations.reload, attempts.reload]);
  const heard = useLive(changed);
  return (
    <main>
      <h1>
        {say("hall")}
        <span class={heard ? "live on" : "live"}>{say(heard ? "live" : "offline")}</span>
      </h1>
      <section aria-labelledby="stations">
        <h2 id="stations">{say("stations")}</h2>
        <When loaded={stations}>
          {(found) =>
            found.length ? (
              <ul class="stations">
                {found.map((station) => (
                  <StationCard key={station.name} station={station} />
                ))}
              </ul>
            ) : (
              <p class="faint">{say("noStations")}</p>
            )
          }
        </When>
      </section>
      <section aria-labelledby="attempts">
        <h2 id="attempts">{say("attempts")}</h2>
        <When loaded={attempts}>
          {(found) =>
            found.length ? <Matrix attempts={found} /> : <p class="faint">{say("noAttempts")}</p>
          }
        </When>
      </section>
    </main>
  );
}

function StationCard({ station }: { station: Station }) {
  const { say, phase } = useWords();
  const state = station.state;
  const share = state?.exam_s != null && state.limit_s ? state.exam_s / state.limit_s : 0;
  return (
    <li class="card station">
      <div class="row">
        <strong>{station.name}</strong>
        <span class="faint">{station.rig}</span>
      </div>
      <div class="row">
        <span class={`badge phase ${state?.phase ?? ""}`}>
          {state ? phase(state.phase || "waiting") : say("neverSeen")}
        </span>
        {state?.candidate && (
          <span>
            {state.candidate} · {state.task}
          </span>
        )}
      </div>
      <div class="bar" role="presentation">
        <span style={{ width: `${Math.min(100, share * 100)}%` }} />
      </div>
      <div class="row faint small">
        <span>
          {state?.exam_s != null && clock(state.exam_s)}
          {state?.limit_s != null && ` / ${clock(state.limit_s)}`}
        </span>
        {!!state?.waiting && (
          <span>
            {state.waiting} {say("toUpload")}
          </span>
        )}
      </div>
      {state?.alerts.map((alert) => (
        <p key={alert} class="alert small">
          {alert}
        </p>
      ))}
    </li>
  );
}

/** One row a candidate, one column a task. */
function Matrix({ attempts }: { attempts: Attempt[] }) {
  const { say, pick } = useWords();
  const tasks = [...new Set(attempts.map((attempt) => attempt.task))].sort();
  const title = (task: string) => pick(attempts.find((a) => a.task === task)?.title);
  const people = [...new Set(attempts.map((attempt) => attempt.candidate))].sort();
  return (
    <table class="matrix">
      <thead>
        <tr>
          <th scope="col">{say("candidate")}</th>
          {tasks.map((task) => (
            <th scope="col" key={task}>
              {task} <span class="faint">{title(task)}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {people.map((person) => (
          <tr key={person}>
            <th scope="row">
              {attempts.find((attempt) => attempt.candidate === person)?.name || person}
              <span class="faint"> {person}</span>
            </th>
            {tasks.map((task) => (
              <td key={task} data-task={`${task} ${title(task)}`}>
                {attempts
                  .filter((a) => a.candidate === person && a.task === task)
                  .map((attempt) => (
                    <Cell key={attempt.id} attempt={attempt} />
                  ))}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cell({ attempt }: { attempt: Attempt }) {
  const scored = attempt.low != null && attempt.high != null;
  return (
    <a class="cell" href={`#/attempts/${attempt.id}`}>
      {scored && <b class="number">{range({ low: attempt.low!, high: attempt.high! })}</b>}
      {attempt.verdict && <VerdictBadge verdict={attempt.verdict} />}
      {attempt.state !== "confirmed" && <StateBadge state={attempt.state} />}
    </a>
  );
}
