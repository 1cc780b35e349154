import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { cut } from './error-view';
import type { Environment } from '../store/settings';
import { ENVIRONMENT } from '../wire/environment';

/** What a trace is found by: `annotation.correlation_id = "…"`. No owner, who may be a customer's name: the job's id leads to it. */
export interface TraceIds {
  readonly correlation_id?: string;
  readonly job_id?: string;
  /** Of the protocol: what became of a delivery or its attempt. */
  readonly outcome?: string;
}

/** Ends a part of a trace, with what was learned since it began. */
export type EndOfPart = (learned?: TraceIds) => void;

/** The trace that Lambda makes of an invocation. */
export interface Trace {
  /** Adds a part with these ids. It is sent at once, so that a process that is killed leaves it behind, and again when it ends. */
  begin(name: string, ids: TraceIds): EndOfPart;
}

const HEADER = '{"format":"json","version":1}\n';
const LONGEST_VALUE = 1_000;
const NOTHING: EndOfPart = () => {};

/**
 * Subsegments sent to X-Ray's daemon by UDP. Nothing is waited for, and nothing that goes wrong is anybody's business:
 * without a daemon, in a trace that is not sampled, or when a packet is lost, there is no such part in the trace.
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
 */
export function xrayTrace(environment: Environment): Trace {
  const send = sender(environment.AWS_XRAY_DAEMON_ADDRESS);
  const pipeline = environment[ENVIRONMENT.pipeline];
  return {
    begin(name, ids) {
      const within = sampled(environment._X_AMZN_TRACE_ID);
      if (!send || !within) {
        return NOTHING;
      }
      const part = { ...within, name, type: 'subsegment', id: randomBytes(8).toString('hex'), start_time: Date.now() / 1000 };
      send({ ...part, in_progress: true, annotations: annotations({ pipeline, ...ids }) });
      return (learned) => send({ ...part, end_time: Date.now() / 1000, annotations: annotations({ pipeline, ...ids, ...learned }) });
    },
  };
}

/** Where Lambda's own segment is, which an invocation's environment tells: `Root=1-…;Parent=…;Sampled=1`. */
function sampled(header: string | undefined): { readonly trace_id: string; readonly parent_id: string } | undefined {
  const { Root: trace_id, Parent: parent_id, Sampled } = Object.fromEntries((header ?? '').split(';').map((field) => field.trim().split('=', 2)));
  return Sampled === '1' && trace_id && parent_id ? { trace_id, parent_id } : undefined;
}

function annotations(ids: TraceIds & { readonly pipeline?: string }): Record<string, string> {
  return Object.fromEntries(Object.entries(ids).filter(([, id]) => id).map(([name, id]) => [name, cut(String(id), LONGEST_VALUE)]));
}

function sender(address = ''): ((document: object) => void) | undefined {
  const [, host, port] = /^(.+):(\d+)$/.exec(address) ?? [];
  if (!host) {
    return undefined;
  }
  let socket: Socket | undefined;
  return (document) => {
    try {
      socket ??= createSocket('udp4').on('error', () => { socket = undefined; }).unref();
      socket.send(HEADER + JSON.stringify(document), Number(port), host, () => {});
    } catch {
      socket = undefined;
    }
  };
}
