/** The frame of the pages before one is inside: the thread on one side, what is asked for on the other. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Mark } from "../parts/brand";
import { LanguageMenu, SchemeMenu } from "../parts/preferences";
import style from "./door.module.css";

export function Door({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className={style.door}>
      <header className={style.side}>
        <p className={style.name}>
          <Mark size={32} /> Throughline
        </p>
        <Threads />
        <div className={style.promise}>
          <p className={style.motto}>{t("sign_in.promise")}</p>
          <p className={style.more}>{t("sign_in.promise_more")}</p>
        </div>
      </header>
      <div className={style.inside}>
        <div className={style.preferences}>
          <LanguageMenu />
          <SchemeMenu />
        </div>
        <main className={style.main}>{children}</main>
      </div>
    </div>
  );
}

/** Many ways in, one line out. */
function Threads() {
  const starts = [65, 145, 225, 305, 385];
  return (
    <svg className={style.threads} viewBox="0 0 300 450" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      {starts.map((y) => (
        <path key={y} d={`M-200 ${y} C 40 ${y}, 60 225, 165 225`} />
      ))}
      <path className={style.one} d="M165 225 H 800" />
      <circle cx="165" cy="225" r="7" />
      <circle className={style.small} cx="212" cy="225" r="3" />
      <circle className={style.small} cx="252" cy="225" r="3" />
    </svg>
  );
}
