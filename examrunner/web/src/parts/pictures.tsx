import { address, all, useLoaded } from "../api";
import type { Evidence, PictureEntry } from "../messages";
import { useWords } from "../words";
import { When } from "./shared";

const BESIDE_S = 2;

/** What the cameras took; pictures inside the chosen evidence stand out. */
export function Pictures({ attempt, evidence }: { attempt: string; evidence: Evidence | null }) {
  const { say } = useWords();
  const pictures = useLoaded(() => all<PictureEntry>(`attempts/${attempt}/pictures`), attempt);
  const meant = (picture: PictureEntry) =>
    evidence !== null &&
    (picture.camera === evidence.stream || picture.name === evidence.stream) &&
    picture.t_s >= evidence.from_s - BESIDE_S &&
    picture.t_s <= evidence.to_s + BESIDE_S;
  return (
    <section class="card">
      <h2>{say("pictures")}</h2>
      <When loaded={pictures}>
        {(found) =>
          found.length ? (
            <ul class="pictures">
              {found.map((picture) => {
                const path = address(
                  `attempts/${attempt}/pictures/${picture.camera}/${encodeURIComponent(picture.name)}`,
                );
                return (
                  <li key={path} class={meant(picture) ? "meant" : ""}>
                    <a href={`${path}?size=full`} target="_blank" rel="noreferrer">
                      <img
                        src={`${path}?size=thumbnail`}
                        loading="lazy"
                        alt={`${picture.camera} ${picture.name}`}
                      />
                    </a>
                    <span class="small faint">
                      {picture.camera} {picture.t_s.toFixed(1)} s
                    </span>
                  </li>
                );
              })}
            </ul>
          ) : (
            <p class="faint">{say("noPictures")}</p>
          )
        }
      </When>
    </section>
  );
}
