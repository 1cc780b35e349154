import { readFileSync } from 'node:fs';
import type { Pool } from 'pg';
import { Impostor } from './impostor';
import { openPool, type PoolOptions } from '../../../src/runtime/database/pool';
import { connectAsMaster } from '../../../src/runtime/handlers/migrate/master';
import { PostgresLogin } from '../../../src/runtime/handlers/rotate/master-login';
import { selfSigned } from '../../support/postgres/certificate';
import { PostgresServer } from '../../support/postgres/server';
import { MemoryLog } from '../../support/worker-harness';

/* As `verify-full`: whoever connects knows by whom the server is vouched for, and that it is the one that was meant; before that it says nothing. */

let server: PostgresServer;
let trusted: string;
const pools: Pool[] = [];
const impostors: Impostor[] = [];
beforeAll(async () => {
  server = await PostgresServer.start();
  trusted = readFileSync(server.caFile, 'utf8');
}, 60_000);
afterEach(async () => {
  await Promise.all(pools.splice(0).map(async (one) => one.end()));
  await Promise.all(impostors.splice(0).map(async (impostor) => impostor.stop()));
});
afterAll(async () => server?.stop());

interface Where {
  readonly host: string;
  readonly port: number;
  readonly ca: string;
}

function pool(options: PoolOptions): Pool {
  const made = openPool({ database: 'postgres', role: 'postgres', maxConnections: 1, connectTimeoutMs: 10_000, ...options });
  pools.push(made);
  return made;
}

/** Everything in the library that connects from a function. */
const CONNECT: Readonly<Record<string, (where: Where) => Promise<unknown>>> = {
  'the pool of a function': async (where) => pool({ ...where, password: server.password }).query('SELECT 1'),
  'the migrations': async (where) => {
    const master = { username: server.user, password: server.password };
    const { end } = await connectAsMaster({ writer: { ...where, database: 'postgres' }, readMaster: async () => master, log: new MemoryLog(), patienceMs: 0 });
    await end();
  },
  'the rotation': async ({ host, port, ca }) => {
    const login = new PostgresLogin({ host, port, database: 'postgres', ssl: { ca, rejectUnauthorized: true, minVersion: 'TLSv1.2' } });
    if (!await login.accepts({ username: server.user, password: server.password })) throw new Error('not let in');
  },
};

describe.each(Object.entries(CONNECT))('%s', (_, connect) => {
  const here = (): Where => ({ host: 'localhost', port: server.port, ca: trusted });

  test('takes a server by the certificate that vouches for it, among others', async () => {
    await connect(here());
    await connect({ ...here(), ca: `${(await selfSigned('other')).certificate}\n${trusted}` });
  });

  test('refuses a server for which nobody vouches that it trusts', async () => {
    await expect(connect({ ...here(), ca: (await selfSigned('localhost')).certificate })).rejects.toThrow(/self-signed certificate/);
  });

  test('refuses a server of another name', async () => {
    await expect(connect({ ...here(), host: '127.1' })).rejects.toThrow(/does not match certificate/); // the same machine
  });

  test.each<[string, () => Promise<[Impostor, string]>, RegExp]>([
    ['has no TLS', async () => [await Impostor.start(), trusted], /does not support SSL/],
    ['has a certificate of its own', async () => [await Impostor.start(await selfSigned('localhost')), trusted], /self-signed certificate/],
    ['is another one of those who are trusted', async () => {
      const other = await selfSigned('other.example.com', { address: false });
      return [await Impostor.start(other), other.certificate];
    }, /does not match certificate/],
    ['has one that has expired', async () => {
      const old = await selfSigned('localhost', { until: new Date(Date.now() - 60_000) });
      return [await Impostor.start(old), old.certificate];
    }, /certificate has expired/],
  ])('tells nothing to a server that %s', async (__, start, told) => {
    const [impostor, ca] = await start();
    impostors.push(impostor);
    await expect(connect({ host: 'localhost', port: impostor.port, ca })).rejects.toThrow(told);
    expect(impostor.heard).toBe('');
    expect(impostor.connections).toBe(1); // and does not try for long what will not get better
  });
});

describe('a token of IAM', () => {
  beforeEach(() => {
    Object.assign(process.env, { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'session' });
  });

  const failure = async (made: Pool): Promise<Error & { code?: string }> =>
    made.query('SELECT 1').then(() => { throw new Error('it did not fail'); }, (error: Error) => error);

  test('that is refused is told at once, without the token, and is another one the next time', async () => {
    const certificate = await selfSigned('localhost');
    const impostor = await Impostor.start(certificate);
    impostors.push(impostor);
    const made = pool({ host: 'localhost', port: impostor.port, ca: certificate.certificate, role: 'app' });
    const signed = () => /localhost:\d+\/\?[^\0]+/.exec(impostor.heard)?.[0] ?? '';

    const error = await failure(made);
    expect(error).toMatchObject({ code: '28000', message: 'PAM authentication failed for user "app"' });
    expect(signed()).toMatch(new RegExp(`^localhost:${impostor.port}/\\?Action=connect&DBUser=app&X-Amz-`));
    expect(`${error.stack}${JSON.stringify(error)}`).not.toMatch(/X-Amz|AKIDEXAMPLE/);
    expect(impostor.connections).toBe(1);

    const first = signed();
    impostor.heard = '';
    const later = Date.now() + 60_000;
    jest.useFakeTimers({ now: later, doNotFake: ['setTimeout', 'setImmediate', 'nextTick', 'queueMicrotask', 'clearTimeout'] });
    await failure(made).finally(() => jest.useRealTimers());
    expect(signed()).toContain('X-Amz-Signature=');
    expect(signed()).not.toBe(first);
  });

  test('is no password to a server that wants one', async () => {
    const error = await failure(pool({ host: 'localhost', port: server.port, ca: trusted }));
    expect(error).toMatchObject({ code: '28P01', message: 'password authentication failed for user "postgres"' });
  });
});
