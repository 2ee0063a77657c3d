/** What happened, in order, as the record tells it; reasons open on demand. */
import { useTranslation } from "react-i18next";
import { clock, timeOfDay } from "../parts/time";
import type { Story } from "../server/resources";
import style from "./story.module.css";

type Lines = Story["timeline"];

export function Timeline({ lines }: { lines: Lines }) {
  const { t, i18n } = useTranslation();
  return (
    <section aria-labelledby="timeline">
      <h3 id="timeline" className={style.heading}>
        {t("story.timeline")}
      </h3>
      {lines.length === 0 && <p className={style.none}>{t("story.empty")}</p>}
      <ol className={style.timeline}>
        {lines.map((line, place) => (
          // Lines are only ever added at the end.
          <li key={place}>
            <time dateTime={line.at} title={timeOfDay(line.at, i18n.language)}>
              {clock(line.after)}
            </time>
            <div lang="en">
              <p>{line.text}</p>
              {line.because.length > 0 && (
                <details>
                  <summary lang={i18n.language}>{t("story.why")}</summary>
                  <ul>
                    {line.because.map((reason) => (
                      <li key={reason}>{reason}</li>
                    ))}
                  </ul>
                </details>
              )}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
