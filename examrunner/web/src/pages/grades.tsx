import { address, all, useLoaded } from "../api";
import type { Grade } from "../messages";
import { When } from "../parts/shared";
import { useWords } from "../words";

/** The latest grade of every candidate under every scheme. */
export function GradesPage() {
  const { say } = useWords();
  const grades = useLoaded(() => all<Grade>("grades"), "grades");
  return (
    <main>
      <div class="row wrap">
        <h1>{say("grades")}</h1>
        <a class="button" href={address("grades.csv")}>
          {say("downloadCsv")}
        </a>
      </div>
      <When loaded={grades}>
        {(found) =>
          found.length ? <Table grades={latest(found)} /> : <p class="faint">{say("noGrades")}</p>
        }
      </When>
    </main>
  );
}

function latest(grades: Grade[]): Grade[] {
  const byHolder = new Map(grades.map((g) => [`${g.candidate} ${g.scheme}`, g]));
  return [...byHolder.values()].sort((a, b) => a.student_number.localeCompare(b.student_number));
}

function Table({ grades }: { grades: Grade[] }) {
  const { say, pick } = useWords();
  return (
    <table class="grades">
      <thead>
        <tr>
          <th scope="col">{say("student")}</th>
          <th scope="col">{say("name")}</th>
          <th scope="col">{say("course")}</th>
          <th scope="col" class="right">
            {say("grade")}
          </th>
          <th scope="col">{say("level")}</th>
          <th scope="col">{say("why")}</th>
        </tr>
      </thead>
      <tbody>
        {grades.map((grade) => (
          <tr key={`${grade.candidate} ${grade.scheme}`}>
            <td>{grade.student_number}</td>
            <td>{grade.name}</td>
            <td>{grade.course}</td>
            <td class="right">
              <b>{grade.course_grade ?? "–"}</b> <span class="faint small">{grade.points}</span>
            </td>
            <td>
              <span class={`badge ${grade.passed ? "pass" : grade.passed === false ? "fail" : ""}`}>
                {grade.passed == null ? say("open") : grade.passed ? pick(grade.level_title) : say("fail")}
              </span>
            </td>
            <td class="small">
              {grade.reasons.map((reason) => (
                <div key={reason.en}>{pick(reason)}</div>
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
