/** How hard a password is to guess, roughly: its length counts most, and how varied it is. */
import { useTranslation } from "react-i18next";
import style from "./form.module.css";

export const SHORTEST = 10;
const LEVELS = ["weak", "fair", "good", "strong"] as const;

export function tooShort(password: string): boolean {
  return password.length < SHORTEST;
}

/** What the server refuses as too easy to guess. */
export function easy(password: string, username: string): boolean {
  return new Set(password).size < 5 || (username !== "" && password.toLowerCase().includes(username.toLowerCase()));
}

function strength(password: string): number {
  const different = new Set(password).size;
  if (tooShort(password) || easy(password, "")) return 0;
  return Math.min(3, Math.floor((password.length + different) / 10) - 1);
}

export function Strength({ password }: { password: string }) {
  const { t } = useTranslation();
  const missing = SHORTEST - password.length;
  const level = strength(password);
  return (
    <div className={style.meter}>
      {LEVELS.map((name, step) => (
        <span key={name} data-on={(password && missing <= 0 && step <= level) || undefined} />
      ))}
      <p className={style.level} role="status">
        {!password
          ? ""
          : missing > 0
            ? t("welcome.missing", { count: missing })
            : t("welcome.strength", { level: t(`welcome.${LEVELS[level]!}`) })}
      </p>
    </div>
  );
}
