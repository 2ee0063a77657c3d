/** The server's time, told by each of its answers: a screen whose clock is wrong still counts rightly. */
const WORTH_MENDING = 2000;
let ahead = 0;

export function learnServerTime(date: string | null): void {
  const told = date ? Date.parse(date) : NaN;
  if (Number.isNaN(told)) return;
  // The header has whole seconds, so on average it is half a second old.
  const difference = told + 500 - Date.now();
  ahead = Math.abs(difference) > WORTH_MENDING ? difference : 0;
}

export function serverNow(): number {
  return Date.now() + ahead;
}
