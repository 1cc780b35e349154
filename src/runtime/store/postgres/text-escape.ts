/** The one character that PostgreSQL keeps in no text. */
const ZERO = '\u0000';

/** Stands before what is escaped. It is in hardly any text, so that people read theirs as they wrote it. */
const ESCAPE = '\u001B';

const TO_ESCAPE = new RegExp(`[${ZERO}${ESCAPE}]`, 'g');
const ESCAPED = new RegExp(`${ESCAPE}([0${ESCAPE}])`, 'g');

/** A text as PostgreSQL can store it. */
export function escapeText(text: string): string {
  return text.replace(TO_ESCAPE, (found) => (found === ZERO ? `${ESCAPE}0` : `${ESCAPE}${ESCAPE}`));
}

/** The text again. */
export function unescapeText(text: string): string {
  return text.replace(ESCAPED, (_, found: string) => (found === '0' ? ZERO : ESCAPE));
}
