/** Every word of the pages, Chinese and English. */

import { createContext } from "preact";
import { useContext } from "preact/hooks";

import type { Language, Words } from "./messages";

export const LanguageContext = createContext<Language>("en");

const WORDS = {
  hall: { zh: "考场", en: "Hall" },
  grades: { zh: "成绩", en: "Grades" },
  stations: { zh: "工位", en: "Stations" },
  attempts: { zh: "考核记录", en: "Attempts" },
  signIn: { zh: "登录", en: "Sign in" },
  signOut: { zh: "退出", en: "Sign out" },
  token: { zh: "访问令牌", en: "Access token" },
  tokenHelp: {
    zh: "令牌由管理员发放；在服务器上运行 examrunner service admin create 可得到第一个。",
    en: "Your administrator gives you one; the first comes from examrunner service admin create on the server.",
  },
  loading: { zh: "正在读取…", en: "Loading…" },
  retry: { zh: "重试", en: "Try again" },
  noStations: { zh: "还没有登记的工位。", en: "No station is enrolled yet." },
  noAttempts: { zh: "还没有安排考核。", en: "No attempts are planned yet." },
  noGrades: {
    zh: "还没有成绩。考官确认全部任务后，成绩会出现在这里。",
    en: "No grades yet. They appear once an examiner has confirmed every task.",
  },
  candidate: { zh: "考生", en: "Candidate" },
  task: { zh: "任务", en: "Task" },
  station: { zh: "工位", en: "Station" },
  rig: { zh: "台架", en: "Rig" },
  state: { zh: "状态", en: "State" },
  points: { zh: "得分", en: "Points" },
  of: { zh: "满分", en: "of" },
  idle: { zh: "空闲", en: "idle" },
  neverSeen: { zh: "未上线", en: "not seen yet" },
  toUpload: { zh: "条待上传", en: "waiting to upload" },
  phase_waiting: { zh: "等待任务", en: "waiting" },
  phase_leased: { zh: "已领取任务", en: "task taken" },
  phase_preflight: { zh: "检查台架", en: "preflight" },
  phase_fault_armed: { zh: "故障已设置", en: "fault armed" },
  phase_fault_observed: { zh: "故障已确认", en: "fault observed" },
  phase_ready: { zh: "就绪", en: "ready" },
  phase_running: { zh: "考试中", en: "running" },
  phase_paused: { zh: "已暂停", en: "paused" },
  phase_stopped: { zh: "已停止", en: "stopped" },
  phase_judged: { zh: "已初评", en: "judged" },
  phase_cleared: { zh: "台架已复位", en: "cleared" },
  phase_delivered: { zh: "已上传", en: "delivered" },
  phase_aborted: { zh: "已中止", en: "aborted" },
  planned: { zh: "已安排", en: "planned" },
  leased: { zh: "进行中", en: "running" },
  delivered: { zh: "待评分", en: "being judged" },
  judged: { zh: "待确认", en: "to confirm" },
  confirmed: { zh: "已确认", en: "confirmed" },
  pass: { zh: "合格", en: "pass" },
  fail: { zh: "不合格", en: "fail" },
  veto: { zh: "一票否决", en: "veto" },
  undecided: { zh: "待定", en: "undecided" },
  met: { zh: "达到", en: "met" },
  partly_met: { zh: "部分达到", en: "partly met" },
  not_met: { zh: "未达到", en: "not met" },
  not_applicable: { zh: "不适用", en: "not applicable" },
  not_measured: { zh: "未测得", en: "not measured" },
  needs_review: { zh: "待考官判定", en: "needs review" },
  error: { zh: "评分程序出错", en: "engine error" },
  groupA: { zh: "安全与准备", en: "Safety and preparation" },
  groupB: { zh: "操作过程", en: "Procedure" },
  groupC: { zh: "结果", en: "Result" },
  groupD: { zh: "记录与报告", en: "Record and report" },
  others: { zh: "否决、扣分与核查", en: "Vetoes, deductions and checks" },
  rule: { zh: "评分规则", en: "Rule" },
  evidence: { zh: "证据", en: "Evidence" },
  machineSaid: { zh: "系统评定", en: "The machine said" },
  decidedBy: { zh: "考官评定", en: "Decided by" },
  signals: { zh: "信号", en: "Signals" },
  pictures: { zh: "图片", en: "Pictures" },
  noSignals: {
    zh: "点一条证据，这里显示相应的信号。",
    en: "Choose a piece of evidence to see its signal here.",
  },
  noPictures: { zh: "该考核没有图片。", en: "This attempt has no pictures." },
  wholeTime: { zh: "全程", en: "Whole time" },
  provisional: { zh: "工位初评", en: "Station's own score" },
  history: { zh: "评分经过", en: "How the score came about" },
  decisions: { zh: "考官决定", en: "Decisions" },
  flags: { zh: "需留意", en: "Please look at" },
  variant: { zh: "题目变体", en: "Variant" },
  recording: { zh: "记录摘要", en: "Recording digest" },
  judgedScore: { zh: "自动评分", en: "judged" },
  decidedScore: { zh: "考官决定后重算", en: "settled after a decision" },
  confirmedBy: { zh: "确认人", en: "Confirmed by" },
  student: { zh: "学号", en: "Student number" },
  name: { zh: "姓名", en: "Name" },
  course: { zh: "课程", en: "Course" },
  level: { zh: "等级", en: "Level" },
  grade: { zh: "成绩", en: "Grade" },
  why: { zh: "说明", en: "Why" },
  open: { zh: "未完成", en: "open" },
  downloadCsv: { zh: "下载表格（CSV）", en: "Download as CSV" },
  trouble: { zh: "无法评分", en: "Could not be judged" },
  back: { zh: "返回考场", en: "Back to the hall" },
  live: { zh: "实时", en: "live" },
  offline: { zh: "连接已断开，正在重连", en: "connection lost, reconnecting" },
  language: { zh: "English", en: "中文" },
  noScore: { zh: "还没有评分。", en: "No score yet." },
  open_points: { zh: "分待定", en: "points open" },
} satisfies Record<string, Words>;

export type Word = keyof typeof WORDS;

/** The words of the reader's language. */
export function useWords() {
  const language = useContext(LanguageContext);
  return {
    language,
    say: (word: Word) => WORDS[word][language],
    pick: (words: Words | null | undefined) => words?.[language] || words?.en || "",
    phase: (name: string) => {
      const word = `phase_${name}`;
      return word in WORDS ? WORDS[word as Word][language] : name;
    },
  };
}
