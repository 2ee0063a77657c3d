/** What a screen reader hears of changes, politely and never in a flood. */
import { VisuallyHidden } from "@mantine/core";
import { useEffect, useState } from "react";

const APART = 4000;
let speak: ((words: string) => void) | null = null;
let waiting = "";
let timer = 0;

export function announce(words: string): void {
  waiting = words;
  if (timer) return;
  speak?.(waiting);
  timer = window.setTimeout(() => {
    timer = 0;
    if (waiting !== words) announce(waiting);
  }, APART);
}

export function Announcer() {
  const [words, say] = useState("");
  useEffect(() => {
    speak = say;
    return () => {
      speak = null;
    };
  }, []);
  return (
    <VisuallyHidden role="status" aria-live="polite">
      {words}
    </VisuallyHidden>
  );
}
