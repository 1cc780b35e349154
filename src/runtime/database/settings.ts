import { readFileSync } from 'node:fs';
import { ConfigurationError, integer, text, type Environment } from '../store/settings';
import { ENVIRONMENT } from '../wire/environment';

/** Where a database is, and as whom to come. */
export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly role: string;
}

/** An address, and how many connections a process may hold. */
export interface DatabaseSettings extends DatabaseAddress {
  /** PEM of the certificates that are trusted, and no others. */
  readonly ca: string;
  readonly maxConnections: number;
}

/** What the construct's `grantConnect` has written into a function's environment. */
export function databaseSettings(environment: Environment): DatabaseSettings {
  if (!environment[ENVIRONMENT.databaseHost]) {
    throw new ConfigurationError(`environment variable ${ENVIRONMENT.databaseHost} is missing: nobody has granted this function a connection. `
      + 'Fix: database.grantConnect(fn, { role: PostgresRole.APP }), which also places the function in the network');
  }
  return {
    host: text(environment, ENVIRONMENT.databaseHost),
    port: integer(environment, ENVIRONMENT.databasePort, 1),
    database: text(environment, ENVIRONMENT.databaseName),
    role: text(environment, ENVIRONMENT.databaseRole),
    ca: certificates(text(environment, ENVIRONMENT.databaseCa)),
    maxConnections: integer(environment, ENVIRONMENT.databaseMaxConnections, 1),
  };
}

function certificates(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigurationError(`${ENVIRONMENT.databaseCa} names ${file}, which cannot be read: it holds the certificates by which a database is `
      + `verified, and comes with the layer that grantConnect() adds (${error instanceof Error ? error.message : String(error)})`);
  }
}
