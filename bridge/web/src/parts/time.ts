/** Times and lengths of time as people read them. */

/** 75 is 1:15, 3675 is 1:01:15. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = String(whole % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

export function between(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1000;
}

/** A person's own way to write times, where her browser tells one for the language of the page: en-GB, pt-BR. */
function region(language: string): string {
  return navigator.languages.find((tag) => tag.split("-")[0] === language) ?? language;
}

export function timeOfDay(at: string, language: string): string {
  return new Intl.DateTimeFormat(region(language), { timeStyle: "medium" }).format(new Date(at));
}

export function dayAndTime(at: string, language: string): string {
  return new Intl.DateTimeFormat(region(language), { dateStyle: "medium", timeStyle: "short" }).format(new Date(at));
}

/** The time alone for today, with its day for all before. */
export function shortly(at: string, language: string): string {
  const date = new Date(at);
  const today = date.toDateString() === new Date().toDateString();
  const day = today ? {} : ({ day: "numeric", month: "short" } as const);
  return new Intl.DateTimeFormat(region(language), { ...day, hour: "2-digit", minute: "2-digit" }).format(date);
}
