import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";

import { call, useLoaded } from "../api";
import type { Evidence, SignalColumns, SignalNames } from "../messages";
import { useWords } from "../words";
import { When } from "./shared";

const MARGIN_S = 3;
const POINTS = 600;
const MOST_PLOTS = 3;

/** The signals behind a piece of evidence, with its span marked. */
export function SignalPanel({ attempt, evidence }: { attempt: string; evidence: Evidence | null }) {
  const { say } = useWords();
  const [whole, setWhole] = useState(false);
  const [picked, setPicked] = useState("");
  const names = useLoaded(() => call<SignalNames>(`attempts/${attempt}/signals`), attempt);
  useEffect(() => {
    setPicked("");
    setWhole(false);
  }, [evidence]);
  return (
    <section class="card">
      <div class="row">
        <h2>{say("signals")}</h2>
        {evidence && (
          <label class="small">
            <input
              type="checkbox"
              checked={whole}
              onChange={(event) => setWhole(event.currentTarget.checked)}
            />{" "}
            {say("wholeTime")}
          </label>
        )}
      </div>
      <When loaded={names}>
        {(known) => {
          const shown = picked ? [picked] : behind(evidence, known);
          return (
            <>
              <select
                aria-label={say("signals")}
                value={shown[0] ?? ""}
                onChange={(event) => setPicked(event.currentTarget.value)}
              >
                <option value="">–</option>
                {known.items.map((signal) => (
                  <option key={signal.name} value={signal.name}>
                    {signal.name} {signal.unit && `[${signal.unit}]`}
                  </option>
                ))}
              </select>
              {shown.length ? (
                <Plots attempt={attempt} names={shown} evidence={evidence} whole={whole || !evidence} />
              ) : (
                <p class="faint">{say("noSignals")}</p>
              )}
            </>
          );
        }}
      </When>
    </section>
  );
}

/** The signal that the evidence names, or the first signals of the message it names. */
function behind(evidence: Evidence | null, known: SignalNames): string[] {
  if (!evidence) return [];
  const names = known.items.map((signal) => signal.name);
  if (names.includes(evidence.stream)) return [evidence.stream];
  return names
    .filter((name) => name.startsWith(`${evidence.stream}.`))
    .filter((name) => !/_(Crc|Cnt)$/.test(name))
    .slice(0, MOST_PLOTS);
}

interface PlotsProps {
  attempt: string;
  names: string[];
  evidence: Evidence | null;
  whole: boolean;
}

function Plots({ attempt, names, evidence, whole }: PlotsProps) {
  const query = new URLSearchParams({ names: names.join(","), points: String(POINTS) });
  if (!whole && evidence) {
    query.set("from_s", String(Math.max(0, evidence.from_s - MARGIN_S)));
    query.set("to_s", String(evidence.to_s + MARGIN_S));
  }
  const path = `attempts/${attempt}/signals?${query}`;
  const columns = useLoaded(() => call<SignalColumns>(path), path);
  return (
    <When loaded={columns}>
      {(found) =>
        found.signals.map((signal) => (
          <figure key={signal.name}>
            <Plot signal={signal} evidence={evidence} />
            <figcaption class="small">
              {signal.name} {signal.unit && `[${signal.unit}]`}
            </figcaption>
          </figure>
        ))
      }
    </When>
  );
}

type Signal = SignalColumns["signals"][number];

function Plot({ signal, evidence }: { signal: Signal; evidence: Evidence | null }) {
  const holder = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const parent = holder.current!;
    const plot = new uPlot(
      options(parent.clientWidth, evidence),
      [signal.t_s, signal.high, signal.low] as uPlot.AlignedData,
      parent,
    );
    const fit = new ResizeObserver(() => plot.setSize({ width: parent.clientWidth, height: 170 }));
    fit.observe(parent);
    return () => {
      fit.disconnect();
      plot.destroy();
    };
  }, [signal, evidence]);
  return <div ref={holder} class="plot" />;
}

function options(width: number, evidence: Evidence | null): uPlot.Options {
  const line = { stroke: "#1f6fb2", width: 1.5, points: { show: false }, spanGaps: false };
  return {
    width,
    height: 170,
    scales: { x: { time: false } },
    legend: { show: false },
    cursor: { drag: { x: true, y: false } },
    axes: [
      { values: (_plot, ticks) => ticks.map((tick) => `${tick} s`), size: 32 },
      { size: 52 },
    ],
    series: [{}, line, line],
    bands: [{ series: [1, 2], fill: "rgba(31, 111, 178, 0.25)" }],
    hooks: { drawClear: [(plot) => evidence && mark(plot, evidence)] },
  };
}

function mark(plot: uPlot, { from_s, to_s }: Evidence) {
  const left = plot.valToPos(from_s, "x", true);
  const right = plot.valToPos(to_s, "x", true);
  const { top, height, left: edge, width } = plot.bbox;
  const begin = Math.max(left, edge);
  const end = Math.min(Math.max(right, left + 2), edge + width);
  plot.ctx.fillStyle = "rgba(245, 184, 65, 0.35)";
  plot.ctx.fillRect(begin, top, Math.max(0, end - begin), height);
}
