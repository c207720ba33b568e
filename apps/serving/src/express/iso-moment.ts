let lastMoment = 0;
let lastText = '1970-01-01T00:00:00.000Z';

/** Many answers are given within one millisecond, and writing a moment out costs as much as looking a list up. */
export function isoMoment(milliseconds: number): string {
  if (milliseconds !== lastMoment) {
    lastText = new Date(milliseconds).toISOString();
    lastMoment = milliseconds;
  }
  return lastText;
}
