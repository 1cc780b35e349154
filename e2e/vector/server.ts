import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pythonEnvironment } from '../../projenrc/tools/python-env';
import { PostgresServer } from '../../test/support/postgres/server';

const WHERE = 'import importlib.util; print(importlib.util.find_spec("pgserver").submodule_search_locations[0])';

/** A real PostgreSQL with pgvector, made of programs from PyPI. They know no TLS, so everybody comes by the socket. */
export async function vectorServer(): Promise<PostgresServer> {
  const { python } = await pythonEnvironment('vector', join(__dirname, 'requirements.txt'));
  const { stdout } = await promisify(execFile)(python, ['-c', WHERE]);
  return PostgresServer.start({ binaries: join(stdout.trim(), 'pginstall', 'bin'), tls: false });
}
