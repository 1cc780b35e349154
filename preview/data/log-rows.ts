import { oneOf, uniform } from './random';
import { HOUR, MINUTE, NOW, type State } from './world';

/** What a query answers, made up: its columns, and as many rows as there is any use in. */
export interface LogTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const ROWS = 12;

/** The columns that a query of Logs Insights answers with, as far as its last commands say. */
export function columnsOf(query: string): string[] {
  const commands = query.split(/\s*(?:\n\s*\||\|(?![^/]*\/(?:\s|$))|\n)\s*/).map((command) => command.trim());
  const displayed = last(commands, /^display\s+/);
  if (displayed) return named(displayed);
  const stats = last(commands, /^stats\s+/);
  if (stats) {
    const [, measures, groups = ''] = /^(.*?)(?:\s+by\s+(.*))?$/s.exec(stats)!;
    return [...(groups ? named(groups) : []), ...named(measures)];
  }
  const fields = commands.flatMap((command) => /^fields\s+/.test(command) ? named(command.replace(/^fields\s+/, '')) : []);
  return fields.length > 0 ? [...new Set(fields)] : ['@timestamp', '@message'];
}

/** Rows for these columns: those of a query that sums up differ by what they sum up, the others are lines one after the other. */
export function logTable(query: string, state: State): LogTable {
  const columns = columnsOf(query);
  const isSum = /(^|\|)\s*stats\s/m.test(query);
  const groups = isSum ? columns.filter((column) => isName(column)) : [];
  const ofJobs = groups.some((name) => /job_id|request_id/.test(name));
  const most = callsOf(query, state).length || (isSum && !ofJobs ? 5 : !isSum && state === 'calm' ? 4 : ROWS);
  const count = Math.min(most, Number(/\|?\s*limit\s+(\d+)/.exec(query)?.[1] ?? ROWS));
  const events = Array.from({ length: count }, (_, i) => eventOf(query, i, state));
  const rows = events.map((event, i) => columns.map((column) => valueOf(column, event, i)));
  const group = (row: readonly string[]) => row.filter((_, c) => groups.includes(columns[c])).join('\n');
  const isFirst = (row: readonly string[], i: number) => rows.findIndex((other) => group(other) === group(row)) === i;
  return { columns, rows: groups.length === 0 || events[0]?.call ? rows : rows.filter(isFirst) };
}

type ApiRow = Readonly<Record<string, string>>;

interface Event {
  readonly seed: string;
  /** Of an API: what it was called for, or what it refused. */
  readonly call?: ApiRow;
  readonly time: number;
  readonly kind: (typeof KINDS)[number];
  readonly state: State;
}

const KINDS = [
  { type: 'ProviderBusy', message: 'the model answered 429 and asks to wait 20 s', stage: 'classify', weight: 6 },
  { type: 'TimeoutNear', message: 'the time is nearly up: saved after "measure", the next attempt goes on there', stage: 'classify', weight: 3 },
  { type: 'UnreadableDrawing', message: 'the drawing has no EOF: it was cut off, or is no ASCII DXF', stage: 'read', weight: 1 },
  { type: 'WorkerLost', message: 'the attempt ended without a word: its worker ran out of time or was killed', stage: 'measure', weight: 1 },
] as const;
const OUTCOMES: Readonly<Record<State, readonly string[]>> = { calm: ['succeeded'], incident: ['failed', 'retry', 'succeeded'] };
const [STATUS, SUBMIT] = [{ method: 'GET', route: '/status/{job_id}' }, { method: 'POST', route: '/process-drawing' }] as const;
/** What an API was called for: the columns of a row belong together. */
const ROUTES: readonly ApiRow[] = [
  { ...STATUS, calls: '15,043', requests: '15,043', p50_ms: '38', p90_ms: '66', p99_ms: '109' },
  { ...SUBMIT, calls: '3,602', requests: '3,602', p50_ms: '59', p90_ms: '101', p99_ms: '164' },
  { method: 'GET', route: '/jobs', calls: '216', requests: '216', p50_ms: '44', p90_ms: '78', p99_ms: '131' },
  { method: 'POST', route: '/uploads', calls: '108', requests: '108', p50_ms: '52', p90_ms: '90', p99_ms: '143' },
  { method: 'POST', route: '/jobs/{job_id}/cancel', calls: '4', requests: '4', p50_ms: '61', p90_ms: '97', p99_ms: '97' },
];
const USUAL: readonly ApiRow[] = [
  { status: '404', error: 'Not Found', ...STATUS, calls: '5' }, { status: '400', error: 'InvalidPayload', ...SUBMIT, calls: '3' },
];
const REFUSED: Readonly<Record<State, readonly ApiRow[]>> = {
  calm: USUAL,
  incident: [
    { status: '429', error: 'Too Many Requests', ...STATUS, calls: '96' }, { status: '504', error: 'Endpoint request timed out', ...STATUS, calls: '23' }, ...USUAL,
  ],
};
const OWNERS = ['acme', 'globex', 'initech', 'umbrella'];

function eventOf(query: string, i: number, state: State): Event {
  const seed = `${query.length} ${i}`;
  const apart = state === 'incident' ? 0.7 : 95;
  const calls = callsOf(query, state);
  const kinds = KINDS.flatMap((kind) => Array.from({ length: state === 'incident' ? kind.weight : 1 }, () => kind));
  const isSum = /stats\s/.test(query);
  const time = NOW - (i * apart + apart * uniform(seed)) * MINUTE;
  return { seed, call: calls[i % (calls.length || 1)], time, kind: isSum ? KINDS[i % KINDS.length] : oneOf(kinds, seed), state };
}

/** By what a column is called; the first that fits. */
const VALUES: readonly (readonly [name: RegExp, value: (event: Event, i: number) => string])[] = [
  [/^hour_/, (_, i) => new Date(Math.floor(NOW / HOUR - i * 2) * HOUR).toISOString().replace('T', ' ').slice(0, 16)],
  [/^@?timestamp$|^last$|time$|_at$/i, ({ time }) => new Date(time).toISOString().replace('T', ' ').slice(0, 23)],
  [/^@log/, ({ seed }) => oneOf(['/aws/lambda/analyse', '/aws/lambda/drawings-submit', '/aws/lambda/drawings-status'], seed)],
  [/^level$/, ({ seed, kind }) => kind.weight > 1 && uniform(seed) < 0.7 ? 'ERROR' : 'WARN'],
  [/^message$/, ({ seed }) => oneOf(['attempt ended', 'attempt ended', 'no attempt'], seed)],
  [/^status$/, ({ seed, state }) => oneOf(OUTCOMES[state], seed)],
  [/^p(50|90|99)(_|$)|pct\(/, ({ seed }, i) => ((/50/.test(seed) ? 39 : /90/.test(seed) ? 88 : 171) * (1 + 0.18 * i)).toFixed(0)],
  [/why|error_message|latest|^error$|@message/, ({ kind }) => kind.message],
  [/what|type|^code$|^error/, ({ kind }) => kind.type],
  [/job_id/, ({ seed }) => `job_${idOf(seed)}`],
  [/correlation|request_id|trace/, ({ seed }) => idOf(`c${seed}`).slice(0, 16).toLowerCase()],
  [/service|pipeline/i, () => 'drawings'],
  [/stage$/i, ({ kind }, i) => ['classify', 'measure', 'report', 'read'][i % 4] ?? kind.stage],
  [/owner|whose|customer/, (_, i) => OWNERS[i % OWNERS.length]],
  [/outcome|ended/, ({ seed, state }) => oneOf(OUTCOMES[state], seed)],
  [/^attempts?$/, ({ seed, state }) => String(1 + Math.floor((state === 'calm' ? 1.3 : 3) * uniform(seed)))],
  [/^starts$/, ({ state }, i) => String(state === 'incident' && i === 0 ? 14 : 1 + i % 2)],
  [/^longest_ms$|init/i, ({ seed }) => (760 + 240 * uniform(seed)).toFixed(0)],
  [/dollar|cost|usd/i, (_, i) => (0.91 / (i + 1.2)).toFixed(4)],
  [/percent/, (_, i) => (71 / (i + 1.3)).toFixed(1)],
  [/seconds/, ({ seed }, i) => (214 / (1 + 0.24 * i) + 3 * uniform(seed)).toFixed(1)],
  [/_ms$|duration|latency/i, ({ seed }, i) => (214_000 / (1 + 0.24 * i) + 900 * uniform(seed)).toFixed(0)],
  [/_mb$|memory/i, ({ seed }) => String(800 + Math.round(900 * uniform(seed)))],
  [/^jobs$|distinct/, (event, i) => String(Math.ceil(0.7 * howMany(event, i)))],
  [/./, (event, i) => String(howMany(event, i))],
];

/** Of an API's access log alone. */
function callsOf(query: string, state: State): readonly ApiRow[] {
  return !/\b(route|method|httpMethod)\b/.test(query) ? [] : /status\s*(>=|like)/.test(query) ? REFUSED[state] : ROUTES;
}

function howMany({ state }: Event, i: number): number {
  return Math.max(1, Math.round((state === 'incident' ? 160 : 4) / (i + 1) ** 1.4));
}

function valueOf(column: string, event: Event, i: number): string {
  return event.call?.[column] ?? VALUES.find(([name]) => name.test(column))![1](/^(job_id|message|level)$/.test(column) ? event : { ...event, seed: `${column} ${event.seed}` }, i);
}

/** What a query counts in each time, for a graph: a name for each number, of each group if there are some. */
export function logLines(query: string): string[] {
  const columns = columnsOf(query).filter((column) => !/^bin\(/.test(column));
  const groups = columns.filter(isName);
  const numbers = columns.filter((column) => !groups.includes(column));
  if (groups.length === 0) return numbers;
  const { columns: all, rows } = logTable(query, 'calm');
  return rows.slice(0, 4).map((row) => groups.map((name) => row[all.indexOf(name)]).join(' '));
}

/** Columns that say of what, and not how much. */
function isName(column: string): boolean {
  return /job_id|service|pipeline|what|type|owner|stage|route|method|@log|^code$/i.test(column);
}

function idOf(seed: string): string {
  return Array.from({ length: 26 }, (_, i) => '0123456789ABCDEFGHJKMNPQRSTVWXYZ'[Math.floor(32 * uniform(seed, i))]).join('').replace(/^../, '01');
}

function last(commands: readonly string[], pattern: RegExp): string | undefined {
  return [...commands].reverse().find((command) => pattern.test(command))?.replace(pattern, '');
}

/** What each of several things divided by commas is called. */
function named(list: string): string[] {
  let depth = 0;
  const parts = [...list].reduce<string[]>((found, char) => {
    depth += char === '(' ? 1 : char === ')' ? -1 : 0;
    if (char === ',' && depth === 0) return [...found, ''];
    return [...found.slice(0, -1), `${found.at(-1)}${char}`];
  }, ['']);
  return parts.map((part) => (/\s+as\s+(\S+)\s*$/i.exec(part)?.[1] ?? part).trim()).filter((name) => name !== '');
}
