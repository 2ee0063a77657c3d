/** A banner while the stream is cut for longer than a blink. */
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Link } from "../server/events";
import { announce } from "./announcer";
import style from "./connection.module.css";

const BLINK = 800;

export function Connection({ link, hurry }: { link: Link; hurry: () => void }) {
  const { t } = useTranslation();
  const [shown, show] = useState(false);
  const was = useRef(false);
  useEffect(() => {
    if (link === "lost") {
      const timer = setTimeout(() => show(true), BLINK);
      return () => clearTimeout(timer);
    }
    if (link === "live") show(false);
    return undefined;
  }, [link]);
  useEffect(() => {
    if (was.current && !shown) announce(t("link.back"));
    was.current = shown;
  }, [shown, t]);
  if (!shown) return null;
  return (
    <div className={style.banner} role="alert">
      <span>{t("link.lost")}</span>
      <button type="button" onClick={hurry}>
        {t("link.hurry")}
      </button>
    </div>
  );
}
