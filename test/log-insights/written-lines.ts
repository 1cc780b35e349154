import type { APIGatewayProxyEvent } from 'aws-lambda';
import { processDeadLetters } from '../../src/runtime/handlers/dead-letter/dead-letter';
import { noQueue } from '../../src/runtime/handlers/no-queue';
import { processBatch } from '../../src/runtime/node/batch';
import type { Job } from '../../src/runtime/node/types';
import { powertoolsLog } from '../../src/runtime/telemetry/log';
import { PipelineMetrics } from '../../src/runtime/telemetry/pipeline-metrics';
import { ApiHarness } from '../runtime/handlers/api-harness';
import { NOW } from '../support/job-fixtures';
import { MemoryStore } from '../support/memory-store';
import { jobRecord, lambdaContext, WorkerHarness } from '../support/worker-harness';

/** A line of JSON, as it stands in a log group. */
export type Line = Readonly<Record<string, unknown>>;

/** What Lambda itself writes where a function logs in JSON, and of an error that nobody caught. */
const OF_LAMBDA: Line[] = [
  {
    time: '2026-11-22T00:00:00.000Z',
    type: 'platform.report',
    record: {
      requestId: 'request-1',
      metrics: { durationMs: 101.5, billedDurationMs: 102, memorySizeMB: 1024, maxMemoryUsedMB: 90, initDurationMs: 210.1 },
      status: 'timeout',
    },
  },
  { timestamp: '2026-11-22T00:00:00.000Z', level: 'ERROR', requestId: 'request-1', errorType: 'Error', errorMessage: 'broken', stackTrace: [] },
];

const POWERTOOLS = { POWERTOOLS_DEV: 'true', POWERTOOLS_METRICS_DISABLED: 'false', POWERTOOLS_LOG_LEVEL: 'INFO' };

/**
 * The lines that the runtime writes, by its real logger and metrics: a job that succeeds in stages, one whose handler throws, one that is given up,
 * one that is submitted, and a request that is refused.
 */
export async function writtenLines(): Promise<Line[]> {
  const lines: Line[] = [...OF_LAMBDA];
  const saved = { ...process.env };
  Object.assign(process.env, POWERTOOLS); // else Powertools has a console of its own
  const spies = (['debug', 'info', 'warn', 'error', 'log'] as const).map((level) => jest.spyOn(console, level)
    .mockImplementation((...[text]: unknown[]) => { lines.push(JSON.parse(String(text)) as Line); }));
  try {
    const [log, metrics] = [powertoolsLog('drawings'), new PipelineMetrics('drawings')];
    const work = async (handler: (job: Job) => Promise<unknown>) => {
      const worker = new WorkerHarness(handler as never);
      await processBatch([jobRecord()], lambdaContext(), { ...worker.parts, log, metrics });
    };
    await work(async (job) => job.completeStage('read'));
    await work(async () => { throw new RangeError('broken'); });
    await processDeadLetters([jobRecord({}, { receiveCount: 11 })], {
      filesPrefix: 'Jobs', ports: { store: new MemoryStore(), queue: noQueue, now: () => NOW }, visibility: { hide: async () => undefined }, metrics, log,
    });
    const api = Object.assign(new ApiHarness(), { log, metrics });
    const headers = { 'X-Correlation-Id': 'order-4711' };
    await api.submit({ headers, body: '{"drawing":"a.pdf"}' } as Partial<APIGatewayProxyEvent>);
    await api.submit({ headers, body: 'no JSON' } as Partial<APIGatewayProxyEvent>);
  } finally {
    spies.forEach((spy) => spy.mockRestore());
    process.env = saved;
  }
  return lines;
}

/** The names of all fields in a line, as a query calls them. */
export function fieldsOf(line: unknown, within = ''): string[] {
  return Object.entries(line as object).flatMap(([name, value]) => [
    `${within}${name}`, ...(typeof value === 'object' && value !== null && !Array.isArray(value) ? fieldsOf(value, `${within}${name}.`) : []),
  ]);
}
