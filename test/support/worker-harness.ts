import { EventEmitter } from 'node:events';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { message, NOW } from './job-fixtures';
import { MemoryQueue, MemoryStore } from './memory-store';
import { BatchParts } from '../../src/runtime/node/batch';
import { WatchedProcess } from '../../src/runtime/node/crash-watch';
import { UserHandler } from '../../src/runtime/node/load-handler';
import { Log } from '../../src/runtime/telemetry/log';
import { Counting } from '../../src/runtime/telemetry/pipeline-metrics';
import { Trace, TraceIds } from '../../src/runtime/telemetry/trace';

export const QUEUE_ARN = 'arn:aws:sqs:eu-central-1:123456789012:jobs';

/** Log lines as they were written: level, message, fields. */
export class MemoryLog implements Log {
  constructor(readonly lines: { level: string; message: string; fields: Record<string, unknown> }[] = [], private readonly common: object = {}) {}

  debug(text: string, fields?: object) { this.line('debug', text, fields); }
  info(text: string, fields?: object) { this.line('info', text, fields); }
  warn(text: string, fields?: object) { this.line('warn', text, fields); }
  error(text: string, fields?: object) { this.line('error', text, fields); }
  with(fields: object): Log { return new MemoryLog(this.lines, { ...this.common, ...fields }); }

  /** The fields of the last line with this text. */
  of(text: string): Record<string, unknown> | undefined {
    return this.lines.filter((line) => line.message === text).at(-1)?.fields;
  }

  private line(level: string, text: string, fields: object = {}) {
    this.lines.push({ level, message: text, fields: { ...this.common, ...(fields instanceof Error ? { error: fields } : fields) } });
  }
}

export class MemoryMetrics implements Counting {
  readonly counted: Record<string, number> = {};
  readonly stages: Record<string, number> = {};
  /** Jobs that were given up, by cause. */
  readonly causes: Record<string, number> = {};
  /** Failures of the version that runs. */
  versionFailures = 0;
  published = 0;
  knowsStages = true;

  count(name: string, value = 1) { this.counted[name] = (this.counted[name] ?? 0) + value; }
  gaveUp(cause: string) {
    this.count('JobsDeadLettered');
    this.causes[cause] = (this.causes[cause] ?? 0) + 1;
  }

  milliseconds(name: string, value: number) { this.counted[name] = value; }
  custom(name: string, value: number, unit = 'Count') { this.counted[`${name} ${unit}`] = value; }
  versionFailed() { this.versionFailures++; }
  publish() { this.published++; }
  stage(_name: string, stage: string, ms: number) {
    this.stages[stage] = ms;
    return this.knowsStages;
  }
}

/** Parts of a trace, with all that was said of each. */
export class MemoryTrace implements Trace {
  readonly parts: (TraceIds & { name: string; ended: boolean })[] = [];

  begin(name: string, ids: TraceIds) {
    const index = this.parts.push({ name, ...ids, ended: false }) - 1;
    return (learned: TraceIds = {}) => { this.parts[index] = { ...this.parts[index], ...learned, ended: true }; };
  }
}

export class FakeProcess extends EventEmitter {
  exited?: number;
  exit(code: number) { this.exited = code; }
}

/** A worker on memory: what it wrote, sent, hid, logged and counted. */
export class WorkerHarness {
  readonly store = new MemoryStore();
  readonly queue = new MemoryQueue();
  readonly log = new MemoryLog();
  readonly metrics = new MemoryMetrics();
  readonly trace = new MemoryTrace();
  readonly process = new FakeProcess();
  /** Every change of visibility, in milliseconds. */
  readonly hidden: { receipts: string[]; ms: number }[] = [];
  /** Messages that were sent as they came. */
  readonly sentAgain: { body: string; delay_ms: number }[] = [];
  now = NOW;
  parts: BatchParts;

  constructor(handler: UserHandler = async () => undefined) {
    this.parts = {
      handler,
      settings: {
        pipeline: 'drawings',
        filesPrefix: 'Jobs-1A2B3C',
        queueUrl: 'https://queue',
        queueArn: QUEUE_ARN,
        backoff: { first_ms: 10_000, max_ms: 60_000, jitter: 0.5 },
        shutdownMs: 5_000,
      },
      store: this.store,
      queue: Object.assign(this.queue, {
        sendAgain: async ({ body }: Pick<SQSRecord, 'body'>, delay_ms: number) => { this.sentAgain.push({ body, delay_ms }); },
      }),
      visibility: {
        hide: async (receipt, ms) => { this.hidden.push({ receipts: [receipt], ms }); },
        hideAll: async (receipts, ms) => {
          this.hidden.push({ receipts: [...receipts], ms });
          return 0;
        },
      },
      log: this.log,
      metrics: this.metrics,
      trace: this.trace,
      watched: this.process as unknown as WatchedProcess,
      now: () => this.now,
      random: () => 0,
    };
  }
}

export function sqsRecord(body: string, changes: Partial<SQSRecord> & { receiveCount?: number } = {}): SQSRecord {
  const { receiveCount = 1, ...rest } = changes;
  return {
    messageId: 'message-1',
    receiptHandle: 'receipt-1',
    body,
    attributes: {
      ApproximateReceiveCount: String(receiveCount),
      SentTimestamp: String(NOW),
      SenderId: 'sender',
      ApproximateFirstReceiveTimestamp: String(NOW),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: QUEUE_ARN,
    awsRegion: 'eu-central-1',
    ...rest,
  };
}

export function jobRecord(changes: Parameters<typeof message>[0] = {}, record: Parameters<typeof sqsRecord>[1] = {}): SQSRecord {
  return sqsRecord(JSON.stringify(message(changes)), record);
}

export function sqsEvent(...records: SQSRecord[]): SQSEvent {
  return { Records: records };
}

export function lambdaContext(remaining: () => number = () => 60_000): Context {
  return { awsRequestId: 'request-1', functionName: 'worker', memoryLimitInMB: '1024', getRemainingTimeInMillis: remaining } as unknown as Context;
}
