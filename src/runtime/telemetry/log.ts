import { LogFormatter, Logger, LogItem } from '@aws-lambda-powertools/logger';
import type { LogAttributes, UnformattedAttributes } from '@aws-lambda-powertools/logger/types';
import { errorView, withErrorViews } from './error-view';

/** Fields of a log line, or the error it is about. */
export type LogFields = Readonly<Record<string, unknown>> | Error;

/** Structured log lines. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** The same log, with fields in every line. */
  with(fields: Readonly<Record<string, unknown>>): Log;
}

/**
 * Powertools' logger: JSON lines, with the trace id, at the level that the function is set to.
 * It would show everything that hangs on an error, so it is given a view of each.
 */
export function powertoolsLog(pipeline: string): Log {
  return logOf(new Logger({ serviceName: pipeline, logFormatter: new LineFormatter() }));
}

/** What is in every line, and no more: it is paid for with every job. Powertools' own has the rate of a sampling that there is not. */
class LineFormatter extends LogFormatter {
  formatAttributes({ logLevel, message, timestamp, serviceName, xRayTraceId }: UnformattedAttributes, fields: LogAttributes): LogItem {
    const attributes = { level: logLevel, message, timestamp: this.formatTimestamp(timestamp), service: serviceName, xray_trace_id: xRayTraceId };
    return new LogItem({ attributes }).addAttributes(fields);
  }
}

/** Fields are kept here and not in loggers of Powertools' own: each of those takes a fifth of a millisecond, and every job has two. */
function logOf(logger: Logger, kept: Readonly<Record<string, unknown>> = {}): Log {
  const line = (level: 'debug' | 'info' | 'warn' | 'error') => (message: string, fields: LogFields = {}) =>
    logger[level](message, { ...kept, ...shown(fields) });
  return {
    debug: line('debug'),
    info: line('info'),
    warn: line('warn'),
    error: line('error'),
    with: (fields) => logOf(logger, { ...kept, ...withErrorViews(fields) }),
  };
}

function shown(fields: LogFields): Record<string, unknown> {
  return fields instanceof Error ? { error: errorView(fields) } : withErrorViews(fields);
}
