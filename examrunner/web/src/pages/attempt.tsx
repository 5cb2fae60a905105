import { useRef, useState } from "preact/hooks";

import { call, useLive, useLoaded } from "../api";
import type { AttemptDetail, Criterion, Evidence, Score } from "../messages";
import { CriterionLine } from "../parts/criterion";
import { History } from "../parts/history";
import { Pictures } from "../parts/pictures";
import { SignalPanel } from "../parts/signals";
import { clock, PointsText, StateBadge, VerdictBadge, When } from "../parts/shared";
import { useWords } from "../words";
import type { Word } from "../words";

const NARROW = "(max-width: 999px)";

/** One attempt: every point with its reason, and what was recorded behind it. */
export function AttemptPage({ id }: { id: string }) {
  const detail = useLoaded(() => call<AttemptDetail>(`attempts/${id}`), id);
  useLive(detail.reload);
  return <main>{<When loaded={detail}>{(found) => <Review detail={found} />}</When>}</main>;
}

function Review({ detail }: { detail: AttemptDetail }) {
  const { say, pick } = useWords();
  const [chosen, setChosen] = useState<Evidence | null>(null);
  const beside = useRef<HTMLElement>(null);
  const choose = (evidence: Evidence) => {
    setChosen(evidence);
    // On a narrow page the signals are below the sheet, out of sight.
    if (matchMedia(NARROW).matches) beside.current?.scrollIntoView({ behavior: "smooth" });
  };
  const { attempt } = detail;
  const score = detail.scores.at(-1)?.score ?? detail.provisional?.score ?? null;
  return (
    <>
      <p class="small">
        <a href="#/">← {say("back")}</a>
      </p>
      <div class="row wrap head">
        <div>
          <h1>
            {attempt.task} {pick(attempt.title)}
          </h1>
          <p class="faint">
            {attempt.name} · {attempt.candidate} · {attempt.station}
            {detail.variant && ` · ${say("variant")} ${detail.variant}`}
            {detail.provisional && ` · ${clock(detail.provisional.duration_s)}`}
          </p>
        </div>
        <div class="outcome">
          {score && <PointsText points={score.points} />}
          {score && <VerdictBadge verdict={score.verdict} />}
          <StateBadge state={attempt.state} />
        </div>
      </div>
      {detail.trouble && (
        <div class="trouble" role="alert">
          <strong>{say("trouble")}</strong>
          <p>{detail.trouble}</p>
        </div>
      )}
      <div class="review">
        <div class="sheet">
          {score ? (
            <Sheet score={score} detail={detail} chosen={chosen} choose={choose} />
          ) : (
            <p class="faint">{say("noScore")}</p>
          )}
          <History detail={detail} />
        </div>
        <aside ref={beside}>
          <SignalPanel attempt={attempt.id} evidence={chosen} />
          <Pictures attempt={attempt.id} evidence={chosen} />
        </aside>
      </div>
    </>
  );
}

interface SheetProps {
  score: Score;
  detail: AttemptDetail;
  chosen: Evidence | null;
  choose: (evidence: Evidence) => void;
}

function Sheet({ score, detail, chosen, choose }: SheetProps) {
  const { say, pick } = useWords();
  return (
    <>
      {score.flags.length > 0 && (
        <section class="card flags">
          <h2>{say("flags")}</h2>
          {score.flags.map((flag, index) => (
            <p key={index}>{pick(flag.text)}</p>
          ))}
        </section>
      )}
      {grouped(score.criteria).map(([letter, criteria]) => (
        <section class="card group" key={letter}>
          <div class="row">
            <h2>
              {letter.length === 1 && `${letter} `}
              {say(titleOf(letter))}
            </h2>
            {letter.length === 1 && <PointsText points={totalOf(criteria)} />}
          </div>
          {criteria.map((criterion) => (
            <CriterionLine
              key={criterion.id}
              criterion={criterion}
              decision={detail.decisions.findLast((d) => d.criterion === criterion.id)}
              chosen={chosen}
              choose={choose}
            />
          ))}
        </section>
      ))}
    </>
  );
}

const GROUPS = ["A", "B", "C", "D"];

function grouped(criteria: Criterion[]): [string, Criterion[]][] {
  const letterOf = (id: string) => (/^[A-D]\d+$/.test(id) ? id[0]! : "others");
  return [...GROUPS, "others"]
    .map((letter): [string, Criterion[]] => [
      letter,
      criteria.filter((criterion) => letterOf(criterion.id) === letter),
    ])
    .filter(([, found]) => found.length > 0);
}

function titleOf(letter: string): Word {
  return GROUPS.includes(letter) ? (`group${letter}` as Word) : "others";
}

function totalOf(criteria: Criterion[]) {
  const sum = (end: "low" | "high" | "max") =>
    criteria.reduce((total, criterion) => total + Number(criterion.points[end]), 0);
  return { low: tidy(sum("low")), high: tidy(sum("high")), max: tidy(sum("max")) };
}

function tidy(value: number): string {
  return String(Math.round(value * 10) / 10);
}
