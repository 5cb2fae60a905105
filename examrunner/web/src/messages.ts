/** What the service answers: service/messages.py and wire.py, as far as pages read it. */

export type Language = "zh" | "en";
export type Words = Record<Language, string>;

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface Session {
  name: string;
  role: string;
}

export interface Points {
  low: string;
  high: string;
  max: string;
}

export interface Evidence {
  stream: string;
  from_s: number;
  to_s: number;
}

export type Outcome =
  | "met"
  | "partly_met"
  | "not_met"
  | "not_applicable"
  | "not_measured"
  | "needs_review"
  | "error";

export interface Criterion {
  id: string;
  kind: string;
  title: Words;
  outcome: Outcome;
  points: Points;
  fraction: number | null;
  measured: { value: number; unit: string } | null;
  rule: Words;
  reason: Words;
  evidence: Evidence[];
  machine: { outcome: Outcome; fraction: number | null; reason: Words } | null;
}

export type Verdict = "pass" | "fail" | "veto" | "undecided";

export interface Score {
  points: Points;
  verdict: Verdict;
  criteria: Criterion[];
  flags: { kind: string; text: Words; evidence: Evidence[] }[];
  digests: Record<string, unknown>;
  software: Record<string, string>;
}

export interface StationState {
  phase: string;
  attempt_id: string | null;
  candidate: string | null;
  task: string | null;
  exam_s: number | null;
  limit_s: number | null;
  paused: string;
  signals: Record<string, number | null>;
  alerts: string[];
  waiting: number;
}

export interface Station {
  name: string;
  rig: string;
  generation: number;
  key: string;
  seen_at: string | null;
  state: StationState | null;
}

export type AttemptState = "planned" | "leased" | "delivered" | "judged" | "confirmed";

export interface Attempt {
  id: string;
  exam: string;
  candidate: string;
  name: string;
  task: string;
  title: Words;
  station: string;
  mode: string;
  state: AttemptState;
  verdict: Verdict | null;
  low: string | null;
  high: string | null;
  max: string | null;
  changed_at: string;
}

export interface Decision {
  criterion: string;
  reason: string;
  level: number | null;
  fraction: number | null;
  confirm: boolean | null;
  by: string;
  at: string;
}

export interface AttemptDetail {
  attempt: Attempt;
  variant: string | null;
  rubric_digest: string;
  recording: string | null;
  provisional: {
    at: string;
    ending: string;
    reason: string;
    duration_s: number;
    score: Score | null;
  } | null;
  scores: { number: number; at: string; cause: "judged" | "decided"; score: Score }[];
  decisions: Decision[];
  confirmation: { score: number; by: string; at: string; note: string } | null;
  trouble: string;
}

export interface Grade {
  number: number;
  student_number: string;
  name: string;
  candidate: string;
  course: string;
  scheme: string;
  points: string | null;
  course_grade: string | null;
  level: string;
  level_title: Words | null;
  passed: boolean | null;
  reasons: Words[];
  at: string;
}

export interface SignalNames {
  items: { name: string; unit: string }[];
}

/** Smallest and largest value per column of the plot; null where nothing was received. */
export interface SignalColumns {
  signals: {
    name: string;
    unit: string;
    t_s: number[];
    low: (number | null)[];
    high: (number | null)[];
  }[];
}

export interface PictureEntry {
  camera: string;
  name: string;
  t_s: number;
  purpose: string;
}
