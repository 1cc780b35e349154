import { happened, uniform, wandering } from './random';
import type { Samples } from './statistics';
import { DAY, MINUTE, NOW, type World } from './world';

/** What a model is asked for: one metric in one period. */
export interface Asked {
  readonly world: World;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** The middle of the period. */
  readonly time: number;
  /** The length of the period. */
  readonly minutes: number;
  /** Milliseconds in which a function must be done, or infinite. */
  readonly timeout: number;
  /** How large the system is beside others on the same page. */
  readonly scale: number;
}

type Model = (asked: Asked) => Samples;

const MOST_AT_ONCE = 20;
const TOKEN_DOLLARS = 3e-6;
const PER_REQUEST_READS = 4.2; // callers ask for the status more often than they submit

/** By namespace and name; the first one that fits. Names that nobody foresaw are modelled by what they sound like. */
const MODELS: readonly (readonly [namespace: RegExp, name: RegExp, model: Model])[] = [
  [/^JobWorks$/, /^JobsSubmitted$/, (a) => counted(a, a.world.arrivals(a.time))],
  [/^JobWorks$/, /^JobsSucceeded$/, (a) => counted(a, a.world.ended(a.time) * (1 - a.world.failing(a.time)))],
  [/^JobWorks$/, /^JobsFailed$/, (a) => counted(a, a.world.ended(a.time) * a.world.failing(a.time))],
  [/^JobWorks$/, /^JobsRetried$/, (a) => counted(a, a.world.ended(a.time) * a.world.retried(a.time))],
  [/^JobWorks$/, /^JobsDeferred$/, (a) => counted(a, a.world.ended(a.time) * (0.0005 + 0.2 * a.world.trouble(a.time)))],
  [/^JobWorks$/, /^JobsCancelled$/, (a) => counted(a, 0.004)],
  [/^JobWorks$/, /^JobsDeadLettered$/, (a) => counted(a, a.world.ended(a.time) * 0.25 * a.world.trouble(a.time) * ({ attempts: 0.9, deadline: 0.1, fuse: 0 }[a.dimensions.Cause] ?? 1))],
  [/^JobWorks$/, /^JobDuration$/, (a) => times(a, 38_000 * (1 + 2.4 * a.world.trouble(a.time)), 0.55, a.world.ended(a.time))],
  [/^JobWorks$/, /^QueueWait$/, (a) => times(a, 450 + 700 * a.world.age(a.time) * a.world.trouble(a.time), 0.7 - 0.55 * a.world.trouble(a.time), a.world.ended(a.time))],
  [/^JobWorks$/, /^StageDuration$/, (a) => times(a, stageMedian(a), 0.5, a.world.ended(a.time))],
  [/^JobWorks$/, /token.*cost/i, (a) => ({ kind: 'count', sum: TOKEN_DOLLARS * tokens(a).sum })],
  [/^JobWorks$/, /token/i, tokens],

  [/^AWS\/SQS$/, /MessagesVisible$/, (a) => level(a, isDeadLetters(a) ? 2 * a.world.trouble(a.time) : a.world.waiting(a.time) * a.scale, { whole: true })],
  [/^AWS\/SQS$/, /NotVisible$/, (a) => level(a, isDeadLetters(a) ? 0 : running(a), { whole: true, most: MOST_AT_ONCE })],
  [/^AWS\/SQS$/, /Delayed$/, (a) => level(a, isDeadLetters(a) ? 0 : 1 + 14 * a.world.trouble(a.time), { whole: true })],
  [/^AWS\/SQS$/, /AgeOfOldest/, (a) => level(a, isDeadLetters(a) ? 30 * a.world.trouble(a.time) : a.world.age(a.time), { whole: true })],
  [/^AWS\/SQS$/, /Empty/, (a) => counted(a, 3)],
  [/^AWS\/SQS$/, /^NumberOf/, (a) => counted(a, isDeadLetters(a) ? 2 * a.world.trouble(a.time) : a.world.arrivals(a.time) * (1 + a.world.retried(a.time)))],

  [/^AWS\/Lambda$/, /^Invocations$/, (a) => counted(a, calls(a))],
  [/^AWS\/Lambda$/, /^Errors$/, (a) => counted(a, isWorker(a) ? calls(a) * (0.0005 + 0.18 * a.world.trouble(a.time)) : 0, calls(a))],
  [/^AWS\/Lambda$/, /Throttles$/, (a) => counted(a, isWorker(a) ? 0.8 * a.world.trouble(a.time) : 0)],
  [/^AWS\/Lambda$/, /Concurren/, (a) => level(a, isWorker(a) ? running(a) : calls(a) / 240, { spread: 0.4, whole: isWorker(a), most: MOST_AT_ONCE })],
  [/^AWS\/Lambda$/, /Spillover/, (a) => counted(a, 0)],
  [/^AWS\/Lambda$/, /Utilization$/, (a) => level(a, isWorker(a) ? 0.55 : 0.3)],
  [/^AWS\/Lambda$/, /Duration$/, (a) => times(a, isWorker(a) ? Math.min(34_000, a.timeout * 0.3) * (1 + 0.8 * a.world.trouble(a.time)) : 28, isWorker(a) ? 0.45 : 0.42, calls(a), a.timeout)],

  [/^AWS\/ApiGateway$/, /^Count$/, (a) => counted(a, requests(a))],
  [/^AWS\/ApiGateway$/, /^4xx/i, (a) => counted(a, requests(a) * (0.0004 + 0.02 * a.world.trouble(a.time)), requests(a))],
  [/^AWS\/ApiGateway$/, /^5xx/i, (a) => counted(a, requests(a) * 0.015 * a.world.trouble(a.time), requests(a))],
  [/^AWS\/ApiGateway$/, /Latency$/, (a) => times(a, (a.metricName.startsWith('Integration') ? 31 : 42) * (a.dimensions.Method === 'POST' ? 1.5 : 1), 0.42, requests(a))],

  [/^AWS\/DynamoDB$/, /^Consumed(Read|Write)/, (a) => counted(a, a.world.arrivals(a.time) * (a.metricName.includes('Read') ? 14 : 9))],
  [/^AWS\/DynamoDB$/, /Latency$/, (a) => times(a, { GetItem: 2.7, PutItem: 4.4, UpdateItem: 5.2, Query: 3.5 }[a.dimensions.Operation] ?? 3.8, 0.35, 40)],
  [/^AWS\/DynamoDB$/, /Throttle|Errors|Conflict/, (a) => counted(a, 0)],

  [/^AWS\/RDS$/, /^CPU|Utilization$/, (a) => level(a, 24 + 22 * a.world.trouble(a.time), { spread: 0.3 })],
  [/^AWS\/RDS$/, /MaxDatabaseConnectionsAllowed/, (a) => level(a, 90, { steady: true })],
  [/^AWS\/RDS$/, /Connections/, (a) => level(a, (a.metricName.startsWith('Client') ? 22 : 14) + 24 * a.world.trouble(a.time), { whole: true })],
  [/^AWS\/RDS$/, /FreeStorageSpace/, (a) => level(a, 17.4e9, { steady: true })],
  [/^AWS\/RDS$/, /Memory/, (a) => level(a, 1.31e9, { steady: true })],
  [/^AWS\/RDS$/, /BorrowLatency/, (a) => level(a, 900 + 12_000 * a.world.trouble(a.time), { spread: 1.5 })],
  [/^AWS\/RDS$/, /ResponseLatency/, (a) => level(a, 2_300, { spread: 2 })],
  [/^AWS\/RDS$/, /Latency/, (a) => level(a, 0.0018, { spread: 1 })],
  [/^AWS\/RDS$/, /Capacity/, (a) => level(a, 0.9 + 1.6 * a.world.trouble(a.time))],

  [/^AWS\/States$/, /ExecutionsStarted/, (a) => counted(a, a.world.arrivals(a.time))],
  [/^AWS\/States$/, /ExecutionsSucceeded/, (a) => counted(a, a.world.ended(a.time) * (1 - a.world.failing(a.time)))],
  [/^AWS\/States$/, /Failed/, (a) => counted(a, a.world.ended(a.time) * a.world.failing(a.time))],
  [/^AWS\/States$/, /ExecutionTime/, (a) => times(a, 96_000, 0.4, a.world.ended(a.time))],
  [/^AWS\/States$/, /./, (a) => counted(a, 0)],

  [/^InsightRules$/, /^UniqueContributors$/, (a) => level(a, 4 * failures(a), { whole: true })],
  [/^InsightRules$/, /^MaxContributorValue$/, (a) => ({ kind: 'count', sum: work(a) * (0.44 + 0.05 * wandering('largest', a.time, 40 * MINUTE)) })],
  [/^InsightRules$/, /./, (a) => ({ kind: 'count', sum: work(a) })],
  [/^AWS\/S3$/, /^BucketSizeBytes$/, (a) => grown(a, { StandardStorage: 0.4e9, IntelligentTieringFAStorage: 7.2e9, IntelligentTieringIAStorage: 2.1e9 }[a.dimensions.StorageType] ?? 0)],
  [/^AWS\/S3$/, /^NumberOfObjects$/, (a) => grown(a, 46_000)],

  [/^Logs$/, /used$|_mb$/, (a) => level(a, 1_190, { spread: 0 })],
  [/^Logs$/, /limit$/, () => ({ kind: 'level', value: 3_072, spread: 0 })],
  [/^Logs$/, /throttled$/, (a) => counted(a, 1.5 * a.world.trouble(a.time))],
  [/^AWS\/NATGateway$/, /Error|Drop|Timeout/, (a) => counted(a, 0)],
  [/^AWS\/Logs$/, /Bytes/, (a) => counted(a, 9_200 * calls(a))],
  [/./, /^Processed|Bytes/, (a) => counted(a, 410_000 * a.world.arrivals(a.time))],
  [/./, /Cold|Init/, (a) => /Duration/.test(a.metricName) ? times(a, 310, 0.25, 0.3) : counted(a, 0.25)],
  [/./, /Cost|Charges|Usd/i, (a) => level(a, 0.04 + 0.01 * a.world.arrivals(a.time))],
  [/./, /(Percent|Utilization|Ratio)$/, (a) => level(a, 46, { spread: 0.3 })],
  [/./, /Memory/i, (a) => level(a, 1_240, { spread: 0.2 })],
  [/./, /Age$|AgeOf|Wait$|Lag$/, (a) => level(a, a.world.age(a.time))],
  [/./, /Duration|Latency|Time$/i, (a) => times(a, 120, 0.5, a.world.arrivals(a.time))],
  [/./, /Error|Fail|Fault|Throttle|Reject|Denied/i, (a) => counted(a, 0.004 + 2 * a.world.trouble(a.time))],
  [/./, /./, (a) => counted(a, a.world.arrivals(a.time))],
];

/** The samples of a metric in a period. */
export function samplesOf(asked: Asked): Samples {
  const [, , model] = MODELS.find(([namespace, name]) => namespace.test(asked.namespace) && name.test(asked.metricName))!;
  return model(asked);
}

function seedOf({ namespace, metricName, dimensions }: Asked): string {
  return [namespace, metricName, ...Object.values(dimensions)].join(' ');
}

function counted(asked: Asked, aMinute: number, outOf?: number): Samples {
  const sum = happened(aMinute * asked.minutes * asked.scale, seedOf(asked), Math.round(asked.time / MINUTE));
  return { kind: 'count', sum, ...(outOf !== undefined && { outOf: outOf * asked.minutes * asked.scale }) };
}

function level(asked: Asked, value: number, { spread = 0.15, whole = false, steady = false, most = Infinity } = {}): Samples {
  const moved = Math.min(most, value * (1 + (steady ? 0.004 : 0.12) * wandering(seedOf(asked), asked.time, (steady ? 40 : 6) * MINUTE)));
  return { kind: 'level', value: whole ? Math.round(moved) : moved, spread: whole || steady ? 0 : spread };
}

function times(asked: Asked, median: number, sigma: number, aMinute: number, longest = Infinity): Samples {
  const seed = seedOf(asked);
  const moved = median * (0.9 + 0.2 * uniform(seed)) * (1 + 0.12 * wandering(seed, asked.time, 8 * MINUTE) + 0.05 * wandering(`${seed} fast`, asked.time, 2 * MINUTE));
  return { kind: 'times', median: moved, sigma, longest, count: Math.round(aMinute * asked.minutes * asked.scale) };
}

function tokens(asked: Asked): { readonly kind: 'count'; readonly sum: number } {
  const sum = happened(2_400 * asked.world.ended(asked.time) * asked.minutes * asked.scale, 'tokens', Math.round(asked.time / MINUTE));
  return { kind: 'count', sum };
}

/** What is kept, and becomes more from day to day. */
function grown({ time }: Asked, now: number): Samples {
  return { kind: 'level', value: now * (1 - 0.016 * (NOW - time) / DAY), spread: 0 };
}

/** Of the stages of the examples, and of any other. */
function stageMedian({ dimensions: { Stage = '' }, world, time }: Asked): number {
  const usual = { read: 2_100, measure: 9_400, classify: 17_500, report: 3_800, ocr: 11_000, extract: 21_000, complete: 900 }[Stage] ?? 6_000;
  return usual * (['classify', 'extract'].includes(Stage) ? 1 + 2 * world.trouble(time) : 1);
}

function isDeadLetters({ dimensions }: Asked): boolean {
  return /dead|dlq/i.test(Object.values(dimensions).join());
}

/** A function that runs jobs, by its name: the others answer callers or tidy up. */
function isWorker({ dimensions }: Asked): boolean {
  return !/api|submit|status|cancel|change|operate|redrive|smoke|hook|guard|retry|list|upload|authori|dead|sweep|migrat|rotat|provider|starter|limiter/i.test(Object.values(dimensions).join());
}

function running({ world, time, scale }: Asked): number {
  return Math.min(MOST_AT_ONCE, world.arrivals(time) * 0.62 * scale * (1 + 3 * world.trouble(time)));
}

function work(asked: Asked): number {
  return asked.world.arrivals(asked.time) * failures(asked) * asked.minutes * asked.scale;
}

/** Of all work, or of the failures among it. */
function failures({ world, time, dimensions: { Rule = '' } }: Asked): number {
  return /fail/i.test(Rule) ? 0.08 + 0.6 * world.trouble(time) : 1;
}

/** Of a function, a minute. */
function calls(asked: Asked): number {
  const { world, time, dimensions } = asked;
  if (isWorker(asked)) return world.ended(time) * (1 + world.retried(time));
  const name = Object.values(dimensions).join();
  if (/sweep/i.test(name)) return 0.2;
  if (/dead/i.test(name)) return 2 * world.trouble(time);
  return /status|list/i.test(name) ? world.arrivals(time) * PER_REQUEST_READS : world.arrivals(time);
}

/** Of an API or one of its methods, a minute. */
function requests({ world, time, dimensions: { Method, Resource = '', Route = '' } }: Asked): number {
  const all = world.arrivals(time) * (1 + PER_REQUEST_READS);
  const method = Method ?? Route.split(' ')[0];
  if (method === '') return all;
  if (/cancel|retry|batch/.test(Resource + Route)) return 0.005;
  if (/uploads$/.test(Resource + Route)) return 0.03 * world.arrivals(time);
  if (method === 'GET' && /jobs$/.test(Resource + Route)) return 0.06 * world.arrivals(time);
  return method === 'GET' ? world.arrivals(time) * PER_REQUEST_READS : world.arrivals(time);
}
