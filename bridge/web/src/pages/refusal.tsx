/** Why a form was refused; a wait, where there is one, counts down in it. */
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Until } from "../parts/until";
import { serverNow } from "../server/clock";
import { Problem } from "../server/problem";
import style from "./form.module.css";

export function Refusal({ fault, words }: { fault: unknown; words: string }) {
  const wait = fault instanceof Problem ? fault.retryAfter : 0;
  return (
    <div role="alert">
      {words && <p className={style.refused}>{wait ? <Wait key={String(fault)} words={words} seconds={wait} /> : words}</p>}
    </div>
  );
}

function Wait({ words, seconds }: { words: string; seconds: number }) {
  const { t } = useTranslation();
  const [until] = useState(() => new Date(serverNow() + seconds * 1000).toISOString());
  const [over, setOver] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), seconds * 1000);
    return () => clearTimeout(timer);
  }, [seconds]);
  return over ? t("sign_in.wait_over") : <>{words} <Until at={until} /></>;
}
