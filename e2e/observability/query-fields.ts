import { isDeepStrictEqual } from 'node:util';
import type { LogLine } from '../support/logs';

/**
 * Fields that nobody writes here: what Lambda itself writes of a function that logs in JSON, and what functions of others name their errors by.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html
 */
const OF_OTHERS = [
  'type', 'record.status', 'record.metrics.initDurationMs', 'record.metrics.maxMemoryUsedMB', 'record.metrics.memorySizeMB', 'errorType', 'errorMessage',
  'error.name', 'error.message',
];
const WORDS = new Set([
  'SOURCE', 'fields', 'filter', 'stats', 'sort', 'limit', 'parse', 'display', 'dedup', 'as', 'by', 'and', 'or', 'not', 'in', 'like', 'asc', 'desc',
]);
const COMPARED = /([\w.]+)\s*=\s*"([^"]*)"/g;
/** Placeholders for whoever asks. */
const FOR_THE_READER = ['job_id', 'correlation_id', 'job_correlation_id', 'request_id'];

/** What a query asks for that no line of its log groups has: fields, and texts that they are compared with. */
export function emptyFields(query: string, groups: readonly string[], lines: readonly LogLine[]): string[] {
  const documents = lines.filter(({ group }) => groups.includes(group)).flatMap(({ text }) => parsed(text));
  const missing = fieldsOf(query).filter(field => !OF_OTHERS.includes(field) && !documents.some(document => valueOf(document, field) !== undefined));
  const never = [...query.matchAll(COMPARED)]
    .filter(([, field]) => !FOR_THE_READER.includes(field) && !OF_OTHERS.includes(field) && !field.startsWith('@'))
    .filter(([, field, text]) => !documents.some(document => isDeepStrictEqual(valueOf(document, field), text)));
  return [...missing.map(field => `no line has ${field}`), ...never.map(([, field, text]) => `no line has ${field} = "${text}"`)];
}

/** The fields of log lines that a query names, without those that it makes itself. */
export function fieldsOf(query: string): string[] {
  const made = [...query.matchAll(/\bas\s+([\w]+)|\(\?<(\w+)>/g)].map(([, name, captured]) => name ?? captured);
  const bare = query.replace(/SOURCE\s+'[^']*'/g, '').replace(/'[^']*'|"[^"]*"/g, ' ').replace(/\/(?:[^/\\\n]|\\.)+\//g, slashed => /^\/\s*[\d(]/.test(slashed) ? slashed : ' ');
  const words = [...bare.matchAll(/(?<![\w.])@?[A-Za-z_][\w.]*(\s*\()?/g)].filter(([, call]) => call === undefined).map(([word]) => word);
  return [...new Set(words)].filter(word => !word.startsWith('@') && !WORDS.has(word) && !made.includes(word) && !/^\d/.test(word));
}

function parsed(text: string): object[] {
  try {
    return [JSON.parse(text) as object];
  } catch {
    return [];
  }
}

/** A field by its path, or by its name with dots in it. */
function valueOf(document: object, path: string): unknown {
  const whole = (document as Record<string, unknown>)[path];
  if (whole !== undefined) return whole;
  return path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined | null)?.[name], document);
}
