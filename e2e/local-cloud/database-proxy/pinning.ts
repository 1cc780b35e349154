import { cutText, type Frame } from './frames';

/** A statement that is longer than this pins, whatever it says. */
const LONGEST_TEXT_BYTES = 16 * 1024;

/**
 * What leaves something behind in a session that another client must not find. A proxy reads texts as roughly.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-pinning.html
 */
const REASONS: ReadonlyArray<readonly [RegExp, string]> = [
  [/^\s*(RE)?SET\s+(?!LOCAL\b|TRANSACTION\b)/i, 'a SET or RESET'],
  [/\bset_config\s*\((?![^()]*,\s*true\s*\))/i, 'set_config'],
  [/^\s*(PREPARE(?!\s+TRANSACTION)|EXECUTE|DEALLOCATE)\b/i, 'a prepared statement'],
  [/^\s*DISCARD\b/i, 'DISCARD'],
  [/^\s*CREATE\s+(OR\s+REPLACE\s+)?((LOCAL|GLOBAL)\s+)?TEMP(ORARY)?\b/i, 'a temporary table, view or sequence'],
  [/^\s*DECLARE\b/i, 'a cursor'],
  [/^\s*LISTEN\b/i, 'LISTEN'],
  [/^\s*LOAD\b/i, 'a loaded library'],
  [/\b(nextval|setval|currval|lastval)\s*\(/i, 'a sequence'],
  [/\bpg_(try_)?advisory_lock(_shared)?\s*\(/i, 'an advisory lock'],
];

/** Why a message of a client keeps its server connection for it alone; nothing where it does not. */
export function pinReason(message: Frame): string | undefined {
  if (message.type !== 'Q' && message.type !== 'P') return undefined;
  const name = message.type === 'P' ? cutText(message.body) : { text: '', next: 0 };
  if (name.text !== '') return 'a named prepared statement';
  const { text } = cutText(message.body, name.next);
  if (Buffer.byteLength(text) > LONGEST_TEXT_BYTES) return 'a statement of more than 16 KiB';
  return text.split(';').map(reasonOf).find(reason => reason !== undefined);
}

function reasonOf(statement: string): string | undefined {
  return REASONS.find(([pattern]) => pattern.test(statement))?.[1];
}
