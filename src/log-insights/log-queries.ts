import { LogKind } from '../monitoring/monitored';
import { PRICES } from '../pricing/prices';

/** A query of the library's own: asked of all log groups of some kinds. */
export interface KnownQuery {
  /** What it is called in the console. */
  readonly title: string;
  readonly kinds: readonly LogKind[];
  readonly query: string;
}

const { JOBS, API, DATABASE } = LogKind;

/** In place of what its reader looks for. */
const A_JOB = 'job_01HZZZZZZZZZZZZZZZZZZZZZZZ';
const A_CORRELATION = 'order-4711';

/** A process that is killed writes no line of its own; Lambda does: as text or, where a function logs in JSON, as JSON. */
const KILLED = '@message like /Task timed out after|Error: Runtime exited|Runtime\\.ExitError|Runtime\\.OutOfMemory/ or record.status in ["error", "timeout"]';

/** What Lambda reports of each call, as text and as JSON. */
const REPORTS = 'filter @message like /^REPORT RequestId/ or type = "platform.report"';

/** Whatever names a failure, from what says most to what says least. */
const TYPE = 'coalesce(error_type, error.name, errorType, message, record.status)';
const MESSAGE = 'coalesce(error_message, error.message, errorMessage, @message)';

/**
 * What is asked of logs, in widgets and as saved queries alike. Those of jobs go by fields of the runtime's lines, which a test holds them to.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
 */
export const LOG_QUERIES = {
  latestErrors: {
    title: 'Latest errors',
    kinds: [JOBS],
    query: lines(
      `fields @timestamp, service, job_id, ${TYPE} as what, ${MESSAGE} as why`,
      `filter level = "ERROR" or ispresent(error_type) or ${KILLED}`,
      'sort @timestamp desc',
      'limit 50',
    ),
  },
  failuresByType: {
    title: 'Failures by type',
    kinds: [JOBS],
    query: lines(
      `filter level = "ERROR" or ispresent(error_type) or ${KILLED}`,
      `fields ${TYPE} as what`,
      'stats count(*) as lines, count_distinct(job_id) as jobs, max(@timestamp) as last by service, what',
      'sort lines desc',
      'limit 50',
    ),
  },
  failuresByOwner: {
    title: 'Failures by owner',
    kinds: [JOBS],
    query: lines(
      'filter ispresent(owner) and ispresent(error_type)',
      'stats count(*) as failures, count_distinct(job_id) as jobs, max(@timestamp) as last by owner, error_type',
      'sort failures desc',
      'limit 50',
    ),
  },
  oneJob: {
    title: 'One job',
    kinds: [JOBS],
    query: lines(
      'fields @timestamp, level, message, attempt, outcome, duration_ms, Stage, StageDuration, error_type, error_message, @log',
      `filter job_id = "${A_JOB}"`,
      'sort @timestamp asc',
      'limit 1000',
    ),
  },
  oneCorrelationId: {
    title: 'One correlation id',
    kinds: [JOBS, API],
    query: lines(
      'fields @timestamp, @log, service, message, job_id, outcome, coalesce(code, error_type) as what, status',
      `filter correlation_id = "${A_CORRELATION}" or job_correlation_id = "${A_CORRELATION}" or request_id = "${A_CORRELATION}"`,
      'sort @timestamp asc',
      'limit 1000',
    ),
  },
  slowestJobs: {
    title: 'Slowest jobs',
    kinds: [JOBS],
    query: lines(
      'filter message = "attempt ended" and ispresent(duration_ms)',
      'stats sum(duration_ms) / 1000 as seconds, max(attempt) as attempts, latest(outcome) as ended, latest(owner) as whose by service, job_id',
      'sort seconds desc',
      'limit 50',
    ),
  },
  slowestStages: {
    title: 'Slowest jobs by stage',
    kinds: [JOBS],
    query: lines(
      'filter ispresent(StageDuration)',
      'stats max(StageDuration) / 1000 as seconds by Pipeline, Stage, job_id',
      'sort seconds desc',
      'limit 50',
    ),
  },
  costByOwner: {
    title: 'Cost by owner (Lambda, estimated)',
    kinds: [JOBS],
    query: lines(
      'filter message = "attempt ended" and ispresent(memory_mb)',
      'stats count_distinct(job_id) as jobs, count(*) as attempts, sum(duration_ms) / 1000 as seconds, '
      + `sum(duration_ms * memory_mb) / 1024000 * ${decimal(PRICES.lambdaGbSecond)} + count(*) * ${decimal(PRICES.lambdaRequest)} as dollars by service, owner`,
      'sort dollars desc',
      'limit 100',
    ),
  },
  coldStarts: {
    title: 'Cold starts',
    kinds: [JOBS],
    query: lines(
      REPORTS,
      'parse @message /Init Duration: (?<init>[\\d.]+) ms/',
      'fields coalesce(init, record.metrics.initDurationMs) as init_ms, strcontains(@message, "Init Duration") + strcontains(@message, "initDurationMs") as cold',
      'stats count(*) as calls, sum(cold) as cold_starts, 100 * sum(cold) / count(*) as percent, avg(init_ms) as mean_ms, max(init_ms) as most_ms by @log',
      'sort cold_starts desc',
    ),
  },
  memory: {
    title: 'Memory',
    kinds: [JOBS],
    query: lines(
      REPORTS,
      'parse @message /Memory Size: (?<size>\\d+) MB\\s+Max Memory Used: (?<used>\\d+) MB/',
      'fields coalesce(size, record.metrics.memorySizeMB) as size_mb, coalesce(used, record.metrics.maxMemoryUsedMB) as used_mb',
      'stats max(size_mb) as has_mb, avg(used_mb) as mean_mb, pct(used_mb, 99) as p99_mb, max(used_mb) as most_mb, 100 * max(used_mb) / max(size_mb) as percent by @log',
      'sort percent desc',
    ),
  },
  apiErrors: {
    title: 'Requests that failed',
    kinds: [API],
    query: lines(
      'fields @timestamp, method, route, status, error, integration_ms, request_id, trace_id',
      'filter status like /^[45]/',
      'sort @timestamp desc',
      'limit 100',
    ),
  },
  apiRoutes: {
    title: 'Requests by route',
    kinds: [API],
    query: lines(
      'stats count(*) as requests, pct(latency_ms, 50) as p50_ms, pct(latency_ms, 99) as p99_ms, max(latency_ms) as most_ms by method, route, status',
      'sort requests desc',
    ),
  },
  databaseErrors: {
    title: 'Errors of the database',
    kinds: [DATABASE],
    query: lines(
      'fields @timestamp, @message, @log',
      'filter @message like /ERROR:|FATAL:|PANIC:|\\[ERROR\\]/',
      'sort @timestamp desc',
      'limit 100',
    ),
  },
} as const satisfies Record<string, KnownQuery>;

function lines(...commands: readonly string[]): string {
  return commands.join('\n| ');
}

/** 0.0000002, and not 2e-7, which is no number there. */
function decimal(price: number): string {
  return price.toFixed(12).replace(/0+$/, '');
}
