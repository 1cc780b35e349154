/** Where nobody says for how long to wait, or not so that it can be understood. */
export const DEFAULT_WAIT_SECONDS = 60;

/** What a provider asks for; more is taken for a mistake of the clock or of the units. */
export const LONGEST_RETRY_AFTER_SECONDS = 86_400;

/** What a handler asks for. Before that its job's deadline passes. */
export const LONGEST_WAIT_SECONDS = 366 * 86_400;

const SECONDS = /^\d+(\.\d+)?$/;

/** The three forms of a date in HTTP, all in GMT; the last does not say so. @see https://www.rfc-editor.org/rfc/rfc9110#name-date-time-formats */
const DATE = /^[A-Z][a-z]{2,8}, \d{2}[ -][A-Z][a-z]{2}[ -](\d{2}|\d{4}) \d{2}:\d{2}:\d{2} GMT$/;
const OLD_DATE = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;

/**
 * How long to wait, of whatever a handler or a provider says.
 * @param after seconds, or the text of a `Retry-After` header: seconds or a date. Anything else is a minute
 * @param now epoch milliseconds
 * @returns seconds, from 0
 */
export function secondsToWait(after: unknown, now: number): number {
  if (typeof after === 'number') {
    return after >= 0 ? Math.min(after, LONGEST_WAIT_SECONDS) : DEFAULT_WAIT_SECONDS;
  }
  const seconds = typeof after === 'string' ? secondsOf(after.trim(), now) : NaN;
  return Number.isNaN(seconds) ? DEFAULT_WAIT_SECONDS : Math.min(Math.max(0, seconds), LONGEST_RETRY_AFTER_SECONDS);
}

function secondsOf(text: string, now: number): number {
  if (SECONDS.test(text)) {
    return Number(text);
  }
  const date = DATE.test(text) ? text : OLD_DATE.test(text) ? `${text} GMT` : '';
  return Math.ceil((Date.parse(date) - now) / 1000);
}
