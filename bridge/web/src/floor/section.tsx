/** One part of the floor under its heading. */
import { type ReactNode, useId } from "react";
import style from "./section.module.css";

type Props = { title: string; aside?: ReactNode; hidden?: boolean; children: ReactNode };

export function Section({ title, aside, hidden, children }: Props) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <div className={style.head} data-hidden={hidden || undefined}>
        <h2 id={id}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
