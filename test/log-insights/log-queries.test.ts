import { fieldsOf, writtenLines, type Line } from './written-lines';
import { LOG_QUERIES, type KnownQuery } from '../../src/log-insights/log-queries';
import { LogKind } from '../../src/monitoring/monitored';

const ALL = Object.entries<KnownQuery>(LOG_QUERIES);
const OF_JOBS = ALL.filter(([, { kinds }]) => kinds.includes(LogKind.JOBS));

/** As CloudWatch makes them of every line. */
const OF_CLOUDWATCH = ['@timestamp', '@message', '@log'];
const WORDS = [
  'fields', 'filter', 'stats', 'sort', 'limit', 'parse', 'by', 'as', 'asc', 'desc', 'and', 'or', 'in', 'like', 'ispresent', 'coalesce', 'strcontains',
  'count', 'count_distinct', 'sum', 'avg', 'max', 'pct', 'latest',
];
/** Of access logs, which API Gateway writes, and of lines about a job that somebody changes. */
const OF_OTHERS = ['request_id', 'job_correlation_id'];

/** The fields that a query goes by: its words without those of the language, and without the names that it gives itself. */
function fieldsIn(query: string): string[] {
  const given = [...query.matchAll(/\bas (\w+)|\?<(\w+)>/g)].map(([, alias, group]) => alias ?? group);
  const words = query.replace(/"[^"]*"/g, '').replace(/\/(?:\\.|[^/\n])+\/(?=[\s|)]|$)/g, '').match(/@?[A-Za-z][\w.]*/g) ?? [];
  return [...new Set(words)].filter((word) => !WORDS.includes(word) && !given.includes(word) && !OF_CLOUDWATCH.includes(word));
}

let lines: Line[];
let fields: Set<string>;

beforeAll(async () => {
  lines = await writtenLines();
  fields = new Set(lines.flatMap((line) => fieldsOf(line)));
});

test('the test itself tells fields from words', () => {
  expect(fieldsIn('filter message = "owner" or @message like /level|x/\n| stats sum(duration_ms) / 1000 as seconds by owner\n| sort seconds desc')).toEqual(['message', 'duration_ms', 'owner']);
  expect(fieldsIn('parse @message /Size: (?<size>\\d+) MB/ | stats max(size) as most, count(*) as calls by error.name')).toEqual(['error.name']);
});

test.each(OF_JOBS)('%s goes by fields that are written', (_, { query }) => {
  expect(fieldsIn(query).filter((field) => !fields.has(field) && !OF_OTHERS.includes(field))).toEqual([]);
  expect(fieldsIn(query).length + (query.includes('@message') ? 1 : 0)).toBeGreaterThan(0);
});

test.each(OF_JOBS)('%s looks for values that are written', (_, { query }) => {
  for (const [, field, value] of query.matchAll(/(\w+) = "([^"]+)"/g)) {
    if (!value!.startsWith('job_') && value !== 'order-4711') { // to be replaced by whoever asks
      expect(lines.map((line) => line[field!])).toContain(value);
    }
  }
});

/** The fields of which one line must have all, for the query to have an answer. */
test.each([
  ['costByOwner', ['owner', 'duration_ms', 'memory_mb', 'job_id', 'service'], { message: 'attempt ended' }],
  ['slowestJobs', ['duration_ms', 'job_id', 'attempt', 'outcome', 'owner'], { message: 'attempt ended' }],
  ['slowestStages', ['StageDuration', 'Stage', 'Pipeline', 'job_id'], {}],
  ['failuresByOwner', ['owner', 'error_type', 'job_id'], {}],
  ['failuresByType', ['error_type', 'service', 'job_id'], {}],
  ['latestErrors', ['message', 'job_id'], { level: 'ERROR' }],
  ['oneCorrelationId', ['correlation_id', 'status', 'code'], { correlation_id: 'order-4711' }],
  ['memory', ['record'], { type: 'platform.report' }],
] as const)('%s finds all that it shows in one line', (name, together, values) => {
  expect(LOG_QUERIES).toHaveProperty(name);
  const matching = lines.filter((line) => Object.entries(values).every(([field, value]) => line[field] === value));
  expect(matching.filter((line) => together.every((field) => field in line))).not.toEqual([]);
});

test('what is asked of reports of Lambda holds for both of their forms', () => {
  const text = 'REPORT RequestId: 1-2\tDuration: 101.50 ms\tBilled Duration: 102 ms\tMemory Size: 1024 MB\tMax Memory Used: 90 MB\tInit Duration: 210.10 ms\t';
  const patterns = (query: string) => [...query.matchAll(/parse @message \/(.+)\/$/gm)].map(([, pattern]) => new RegExp(pattern!));

  expect(patterns(LOG_QUERIES.memory.query).map((pattern) => ({ ...pattern.exec(text)?.groups }))).toEqual([{ size: '1024', used: '90' }]);
  expect(patterns(LOG_QUERIES.coldStarts.query).map((pattern) => ({ ...pattern.exec(text)?.groups }))).toEqual([{ init: '210.10' }]);
  expect(text).toMatch(/^REPORT RequestId/);
});

test('prices are numbers as the language has them', () => {
  expect(LOG_QUERIES.costByOwner.query).toContain('sum(duration_ms * memory_mb) / 1024000 * 0.0000133334 + count(*) * 0.0000002 as dollars');
});

test.each(ALL)('%s can be saved', (_, { title, query }) => {
  expect(title).toMatch(/^[^/:*]{1,100}$/);
  expect(query.length).toBeLessThan(10_000);
});
