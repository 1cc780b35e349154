import { writeFileSync } from 'node:fs';
import { ControlServer } from './control-server';
import type { DatabaseOptions, Databases, ProxyResource, ServerResource, TargetResource } from './databases';

/** What the local cloud has of databases before a template asks for one: an address that the overlay calls, and nothing that runs. */
export interface DatabaseControl {
  readonly url: string;
  /** The databases; nothing where no template had one. */
  current(): Databases | undefined;
  stop(): Promise<void>;
}

export interface ControlOptions extends DatabaseOptions {
  /** Where the emulator answers. */
  readonly emulator: string;
  /** Where to write the certificate that handlers are to trust. */
  readonly caFile: string;
  readonly log: (text: string) => void;
}

/** Answers the overlay. Servers, and the packages that they need, are loaded with the first database. */
export async function startDatabaseControl({ emulator, caFile, log, ...options }: ControlOptions): Promise<DatabaseControl> {
  let databases: Promise<Databases> | undefined;
  let current: Databases | undefined;
  const load = async (): Promise<Databases> => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- `import()` is not there in jest without a flag of Node
    const { Databases: Class } = require('./databases') as typeof import('./databases');
    current = await Class.start(emulator, options, log);
    writeFileSync(caFile, current.certificate.certificate);
    return current;
  };
  const loaded = async () => (databases ??= load());
  const control = await ControlServer.start({
    'PUT servers': async (name, body) => (await loaded()).putServer(name, body as unknown as ServerResource),
    'DELETE servers': async (name, body) => (await loaded()).deleteServer(name, body as unknown as ServerResource),
    'PUT proxies': async (name, body) => (await loaded()).putProxy(name, body as unknown as ProxyResource),
    'DELETE proxies': async name => (await loaded()).deleteProxy(name),
    'PUT targets': async (name, body) => (await loaded()).putTarget(name, body as unknown as TargetResource),
    'GET doors': async () => ({ ca: caFile, doors: current?.doors ?? {} }),
  });
  return {
    url: control.url,
    current: () => current,
    stop: async () => {
      await control.stop();
      await (await databases?.catch(() => undefined))?.stop();
    },
  };
}
