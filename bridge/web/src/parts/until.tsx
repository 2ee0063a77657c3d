/** A counter down to a moment, in whole seconds; empty when it has come. */
import { memo, useEffect, useRef } from "react";
import { count } from "./ticker";
import { clock } from "./time";

export const Until = memo(function Until({ at }: { at: string }) {
  const place = useRef<HTMLTimeElement>(null);
  useEffect(() => {
    const end = Date.parse(at);
    return count((now) => {
      if (place.current) place.current.textContent = end > now ? clock(Math.ceil((end - now) / 1000)) : "";
    });
  }, [at]);
  return <time ref={place} dateTime={at} />;
});
