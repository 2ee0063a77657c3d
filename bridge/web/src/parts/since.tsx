/** A counter: how long ago something began, growing by the second. `warn` and `alarm` are seconds that recolour it. */
import { memo, useEffect, useRef } from "react";
import { count } from "./ticker";
import { clock } from "./time";

type Props = { at: string; warn?: number; alarm?: number; className?: string };

export const Since = memo(function Since({ at, warn, alarm, className }: Props) {
  const place = useRef<HTMLTimeElement>(null);
  useEffect(() => {
    const began = Date.parse(at);
    return count((now) => {
      const element = place.current;
      if (!element) return;
      const seconds = (now - began) / 1000;
      const heat = alarm !== undefined && seconds >= alarm ? "alarm" : warn !== undefined && seconds >= warn ? "warn" : "";
      element.textContent = clock(seconds);
      if ((element.dataset.heat ?? "") !== heat) element.dataset.heat = heat;
    });
  }, [at, warn, alarm]);
  return <time ref={place} dateTime={at} className={className} />;
});
