const long = new Intl.DateTimeFormat("en-IE", { day: "numeric", month: "long", year: "numeric" });
const short = new Intl.DateTimeFormat("en-IE", { weekday: "short", day: "numeric", month: "short" });

/** A date in full, such as `4 March 2026`. */
export function formatDate(date: Date): string {
  return long.format(date);
}

/** A span of days, such as `Tue 3 – Thu 5 Mar`, in the reader's own time zone. */
export function formatDateRange(from: Date, to: Date): string {
  return short.formatRange(from, to);
}
