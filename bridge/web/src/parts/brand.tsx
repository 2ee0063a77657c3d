/** The mark: a line that goes through. */
import style from "./brand.module.css";

export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" className={style.mark}>
      <rect width="32" height="32" rx="8" className={style.field} />
      <path d="M5 21c5 0 5-10 11-10s6 10 11 10" className={style.thread} />
      <circle cx="16" cy="11" r="3.4" className={style.knot} />
    </svg>
  );
}
