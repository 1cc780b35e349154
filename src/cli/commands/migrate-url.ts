import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { type Io, UsageError } from '../io';

/** Where to connect, and how. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** None where the server may not want one. */
  readonly password?: string;
  readonly ssl: false | ConnectionOptions;
  /** What the reader should know of how it is connected. */
  readonly warning?: string;
}

const PARAMETERS = ['host', 'port', 'user', 'password', 'dbname', 'sslmode', 'sslrootcert'] as const;
const MODES = ['verify-full', 'verify-ca', 'require', 'disable'] as const;
const DEFAULT_PORT = 5432;
const MOST_PORT = 65_535;

type Environment = Io['environment'];

/**
 * Reads an address such as `postgresql://me@db.example.com/invoices?sslrootcert=ca.pem`, and what it leaves out from the environment, as psql does.
 * The address is never repeated in an error: it may have a password.
 * @throws UsageError
 */
export function targetOf(url: string, environment: Environment): Target {
  const parsed = parsedUrl(url);
  const given = Object.fromEntries(parsed.searchParams) as Readonly<Record<string, string | undefined>>;
  const unknown = Object.keys(given).filter(name => !(PARAMETERS as readonly string[]).includes(name));
  if (unknown.length > 0) {
    throw new UsageError(`the address has what is not known here: ${unknown.join(', ')}. It may have ${PARAMETERS.join(', ')}`);
  }
  const host = (decoded(parsed.hostname) || given.host || environment.PGHOST || 'localhost').replace(/^\[(.*)\]$/, '$1');
  const user = decoded(parsed.username) || given.user || environment.PGUSER;
  if (!user) {
    throw new UsageError('the address names no user: postgresql://USER@HOST/DATABASE, or set PGUSER');
  }
  const password = decoded(parsed.password) || given.password || environment.PGPASSWORD;
  return {
    host,
    port: portOf(parsed.port || given.port || environment.PGPORT),
    user,
    database: decoded(parsed.pathname.slice(1)) || given.dbname || environment.PGDATABASE || user,
    ...(password && { password }),
    ...tlsOf(host, given.sslmode ?? environment.PGSSLMODE, given.sslrootcert ?? environment.PGSSLROOTCERT),
  };
}

function parsedUrl(url: string): URL {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new UsageError('the address cannot be read: postgresql://USER@HOST:PORT/DATABASE, with %xx for special characters in a password');
  }
  if (!['postgresql:', 'postgres:'].includes(parsed.protocol)) {
    throw new UsageError('the address begins with postgresql:// or postgres://');
  }
  return parsed;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new UsageError('the address has a "%" that is none of %xx: write %25');
  }
}

function portOf(text: string | undefined): number {
  const port = text === undefined || text === '' ? DEFAULT_PORT : Number(text);
  if (!Number.isInteger(port) || port < 1 || port > MOST_PORT) {
    throw new UsageError(`the port is a number from 1 to ${MOST_PORT}`);
  }
  return port;
}

/** On this machine nobody listens in between; everywhere else the server must prove who it is, unless the reader says otherwise. */
function tlsOf(host: string, asked: string | undefined, rootFile: string | undefined): Pick<Target, 'ssl' | 'warning'> {
  const mode = asked ?? (rootFile === undefined && isLocal(host) ? 'disable' : 'verify-full');
  const ca = rootFile === undefined || rootFile === 'system' ? undefined : rootCertificates(rootFile);
  const unnamed = { ...(ca !== undefined && { ca }), checkServerIdentity: () => undefined };
  switch (mode) {
    case 'disable':
      return { ssl: false };
    case 'verify-full':
      return { ssl: ca === undefined ? {} : { ca } };
    case 'verify-ca':
      if (ca === undefined) {
        throw new UsageError('sslmode=verify-ca needs sslrootcert, a file; verify-full can do with the roots of the system');
      }
      return { ssl: unnamed };
    case 'require': // as psql understands it
      return ca === undefined
        ? { ssl: { rejectUnauthorized: false }, warning: 'sslmode=require does not ask the server who it is: verify-full does' }
        : { ssl: unnamed };
    default:
      throw new UsageError(`sslmode is ${MODES.join(', ')}, not "${mode}"`);
  }
}

function rootCertificates(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`sslrootcert cannot be read: ${(error as Error).message}`);
  }
}

function isLocal(host: string): boolean {
  return host.startsWith('/') || host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
