import type { Criterion, Decision, Evidence } from "../messages";
import { useWords } from "../words";
import { OutcomeBadge, PointsText } from "./shared";

interface CriterionLineProps {
  criterion: Criterion;
  decision: Decision | undefined;
  chosen: Evidence | null;
  choose: (evidence: Evidence) => void;
}

/** One line of the result sheet; opens to its rule, evidence and what people said. */
export function CriterionLine({ criterion, decision, chosen, choose }: CriterionLineProps) {
  const { say, pick } = useWords();
  const full = Number(criterion.points.max);
  const share = full > 0 ? Number(criterion.points.low) / full : 0;
  return (
    <details class={`criterion ${criterion.outcome}`}>
      <summary>
        <span class="id">{criterion.id}</span>
        <span class="what">
          <span class="title">{pick(criterion.title) || criterion.kind}</span>
          <span class="reason">{pick(criterion.reason)}</span>
        </span>
        <span class="earned">
          {full > 0 && <PointsText points={criterion.points} />}
          <OutcomeBadge outcome={criterion.outcome} />
          {full > 0 && (
            <span class="bar" role="presentation">
              <span style={{ width: `${share * 100}%` }} />
            </span>
          )}
        </span>
      </summary>
      <dl>
        <dt>{say("rule")}</dt>
        <dd>{pick(criterion.rule)}</dd>
        {criterion.evidence.length > 0 && <dt>{say("evidence")}</dt>}
        {criterion.evidence.length > 0 && (
          <dd class="evidence">
            {criterion.evidence.map((evidence, index) => (
              <button
                key={index}
                type="button"
                aria-pressed={evidence === chosen}
                onClick={() => choose(evidence)}
              >
                {evidence.stream} <span class="faint">{spanText(evidence)}</span>
              </button>
            ))}
          </dd>
        )}
        {decision && (
          <>
            <dt>{say("decidedBy")}</dt>
            <dd>
              {decision.by}: {decision.reason}
              {criterion.machine && (
                <div class="faint">
                  {say("machineSaid")}: {pick(criterion.machine.reason)}
                </div>
              )}
            </dd>
          </>
        )}
      </dl>
    </details>
  );
}

export function spanText({ from_s, to_s }: Evidence): string {
  const from = from_s.toFixed(1);
  return to_s - from_s < 0.05 ? `${from} s` : `${from} – ${to_s.toFixed(1)} s`;
}
