/** A question over the page, by the browser's own dialog: it holds the focus, and Esc closes it. */
import { type ReactNode, useEffect, useId, useRef } from "react";
import style from "./dialog.module.css";

export function Dialog({ title, close, children }: { title: string; close: () => void; children: ReactNode }) {
  const place = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => place.current?.showModal(), []);
  return (
    <dialog
      ref={place}
      className={style.dialog}
      aria-labelledby={heading}
      onClose={close}
      onClick={(event) => event.target === place.current && close()}
    >
      <div className={style.inside}>
        <h2 id={heading}>{title}</h2>
        {children}
      </div>
    </dialog>
  );
}
