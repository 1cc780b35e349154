import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { xrayTrace } from '../../../src/runtime/telemetry/trace';

const TRACE = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1;Lineage=a87bd80c:1';

interface Subsegment { readonly id: string; readonly start_time: number; readonly end_time?: number; readonly annotations: Record<string, string> }

let daemon: Socket;
let address: string;
let packets: string[];

beforeEach(async () => {
  packets = [];
  daemon = createSocket('udp4').on('message', (packet) => packets.push(packet.toString()));
  daemon.bind(0, '127.0.0.1');
  await once(daemon, 'listening');
  address = `127.0.0.1:${(daemon.address() as AddressInfo).port}`;
});

afterEach(async () => new Promise<void>((resolve) => { daemon.close(resolve); }));

function traceOf(environment: Record<string, string | undefined> = {}) {
  return xrayTrace({ JOBWORKS_PIPELINE: 'drawings', AWS_XRAY_DAEMON_ADDRESS: address, _X_AMZN_TRACE_ID: TRACE, ...environment });
}

/** What the daemon has got when so many packets were sent, and one more of ours has come after them. */
async function received(): Promise<Subsegment[]> {
  const last = createSocket('udp4');
  await new Promise((resolve) => setTimeout(resolve, 30));
  last.send('last', Number(address.split(':')[1]), '127.0.0.1', () => last.close());
  while (packets.at(-1) !== 'last') {
    await once(daemon, 'message');
  }
  packets.pop();
  return packets.map((packet) => {
    const [header, document, ...rest] = packet.split('\n');
    expect([header, rest]).toEqual(['{"format":"json","version":1}', []]);
    return JSON.parse(document) as Subsegment;
  });
}

test('a part is sent when it begins and when it ends, within the segment that Lambda made', async () => {
  const before = Date.now() / 1000;
  const end = traceOf().begin('job', { job_id: 'job_1', correlation_id: 'c-1' });
  const [begun] = await received();
  const common = {
    name: 'job',
    type: 'subsegment',
    trace_id: '1-5759e988-bd862e3fe1be46a994272793',
    parent_id: '53995c3f42cd8ad8',
    id: expect.stringMatching(/^[0-9a-f]{16}$/),
    start_time: expect.any(Number),
  };
  expect(begun).toEqual({ ...common, in_progress: true, annotations: { pipeline: 'drawings', job_id: 'job_1', correlation_id: 'c-1' } });
  expect(begun.start_time).toBeGreaterThanOrEqual(before);

  end({ outcome: 'succeeded' });
  const [, ended] = await received();
  expect(ended).toEqual({
    ...common,
    id: begun.id,
    start_time: begun.start_time,
    end_time: expect.any(Number),
    annotations: { pipeline: 'drawings', job_id: 'job_1', correlation_id: 'c-1', outcome: 'succeeded' },
  });
  expect(ended.end_time).toBeGreaterThanOrEqual(ended.start_time);
  expect(ended.end_time! - ended.start_time).toBeLessThan(10);
});

test('what is learned at the end is added, what is not known is left out, what is long is cut', async () => {
  traceOf({ JOBWORKS_PIPELINE: undefined }).begin('request', { correlation_id: 'c'.repeat(1_001) })({ job_id: 'job_2', outcome: undefined });
  const [begun, ended] = await received();
  expect(begun.annotations).toEqual({ correlation_id: `${'c'.repeat(999)}…` });
  expect(ended.annotations).toEqual({ correlation_id: `${'c'.repeat(999)}…`, job_id: 'job_2' });
});

test('each invocation has its own trace', async () => {
  const environment: Record<string, string | undefined> = { AWS_XRAY_DAEMON_ADDRESS: address, _X_AMZN_TRACE_ID: TRACE };
  const trace = xrayTrace(environment);
  const end = trace.begin('job', {});
  environment._X_AMZN_TRACE_ID = TRACE.replace('5759e988', '6759e988');
  end();
  trace.begin('job', {});
  expect((await received()).map((part) => (part as unknown as { trace_id: string }).trace_id.slice(0, 10))).toEqual(['1-5759e988', '1-5759e988', '1-6759e988']);
});

test.each([
  ['a trace that is not sampled', TRACE.replace('Sampled=1', 'Sampled=0')],
  ['a trace of which nobody has decided', TRACE.replace('Sampled=1', 'Sampled=?')],
  ['no trace', undefined],
  ['what is no trace', 'rubbish'],
  ['a trace without a root', TRACE.replace('Root', 'Rood')],
  ['a trace without a parent', 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1'],
])('%s is sent nothing', async (_, _X_AMZN_TRACE_ID) => {
  traceOf({ _X_AMZN_TRACE_ID }).begin('job', { job_id: 'job_1' })({ outcome: 'succeeded' });
  expect(await received()).toEqual([]);
});

test.each(['', 'rubbish', '127.0.0.1', '127.0.0.1:99999', '127.0.0.1:0', 'there is no such host:2000', undefined])(
  'a daemon at "%s" costs nothing and troubles nobody', async (AWS_XRAY_DAEMON_ADDRESS) => {
    const trace = traceOf({ AWS_XRAY_DAEMON_ADDRESS });
    const started = performance.now();
    for (let index = 0; index < 50; index++) {
      trace.begin('job', { job_id: 'job_1' })({ outcome: 'succeeded' });
    }
    expect(performance.now() - started).toBeLessThan(200);
    expect(await received()).toEqual([]);
  });

test('a daemon that is gone troubles nobody', async () => {
  const closed = createSocket('udp4').bind(0, '127.0.0.1');
  await once(closed, 'listening');
  const { port } = closed.address() as AddressInfo;
  await new Promise<void>((resolve) => { closed.close(resolve); });
  const trace = traceOf({ AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${port}` });
  trace.begin('job', {})();
  await received();
  trace.begin('job', {})();
  expect(await received()).toEqual([]);
});

test('is on its way when a handler that ends at once has answered', async () => {
  const trace = traceOf();
  trace.begin('job', {})(); // makes the socket, as the first invocation does
  await received();
  const handler = async () => trace.begin('job', {})();
  await handler();
  await new Promise(setImmediate); // an answer takes a call of the runtime's API: longer than this
  await new Promise(setImmediate);
  expect(packets).toHaveLength(4);
});
