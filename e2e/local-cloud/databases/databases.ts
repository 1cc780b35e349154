import { emulatorAuthority } from './authority';
import { DatabaseServer } from './database-server';
import { selfSigned, type Certificate } from '../../../test/support/postgres/certificate';
import { DatabaseProxy, type ProxyCounts } from '../database-proxy/database-proxy';
import { InstanceDoor } from '../database-proxy/instance-door';

/** How databases here are different from what a template says. */
export interface DatabaseOptions {
  /** The most connections that a server takes. On AWS that follows from the instance's memory. @default 100 */
  readonly maxConnections?: number;
}

/** An address: what a template and a function know it by, and what it stands for in permissions. */
export interface Endpoint {
  readonly host: string;
  readonly resource_id: string;
  readonly read_only?: boolean;
}

/** An instance or a cluster, as the overlay tells of it. */
export interface ServerResource {
  readonly endpoints: readonly Endpoint[];
  /** The one whose server this leads to: of a reader, or a member of a cluster. */
  readonly of?: string;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
}

export interface ProxyResource {
  readonly endpoints: readonly Endpoint[];
}

export interface TargetResource {
  /** Of the instance or the cluster. */
  readonly server: string;
  readonly max_connections_percent?: number;
  readonly borrow_timeout_seconds?: number;
}

const HOST = '127.0.0.1';
const MAX_CONNECTIONS = 100;
/** As on AWS, where a template does not say it. */
const DEFAULT_PERCENT = 100;
const DEFAULT_BORROW_SECONDS = 120;

interface Proxy {
  endpoints: readonly Endpoint[];
  target?: TargetResource;
  readonly open: Map<string, DatabaseProxy>;
}

/** Every database of a local cloud: real servers, and the doors by which functions come to them. */
export class Databases {
  static async start(emulator: string, options: DatabaseOptions, log: (text: string) => void): Promise<Databases> {
    return new Databases(emulator, options, log, await selfSigned('localhost'));
  }

  private readonly servers = new Map<string, DatabaseServer>();
  private readonly sources = new Map<string, string>();
  private readonly instances = new Map<string, InstanceDoor>();
  private readonly proxies = new Map<string, Proxy>();

  private constructor(
    private readonly emulator: string,
    private readonly options: DatabaseOptions,
    private readonly log: (text: string) => void,
    readonly certificate: Certificate,
  ) {}

  /** A server and its doors; one that is there keeps its data. */
  async putServer(name: string, { endpoints, of, user, password, database }: ServerResource): Promise<void> {
    const existing = this.servers.get(name);
    if (existing) {
      if (password && password !== existing.request.password) await existing.setPassword(password);
    } else if (of) {
      this.sources.set(name, of);
    } else {
      if (!user || !password) throw new Error(`${name} has no master user with a password`);
      const { maxConnections = MAX_CONNECTIONS } = this.options;
      this.servers.set(name, await DatabaseServer.start({ user, password, database }, this.certificate, maxConnections));
    }
    for (const endpoint of endpoints) {
      if (this.instances.has(endpoint.host)) continue;
      const shared = this.shared(endpoint, () => this.serverOf(name));
      this.instances.set(endpoint.host, await InstanceDoor.open({ ...shared, readOnly: endpoint.read_only }));
    }
  }

  async deleteServer(name: string, { endpoints }: ServerResource): Promise<void> {
    await Promise.all(endpoints.map(async ({ host }) => this.instances.get(host)?.close()));
    endpoints.forEach(({ host }) => this.instances.delete(host));
    await this.servers.get(name)?.stop();
    this.servers.delete(name);
    this.sources.delete(name);
  }

  async putProxy(name: string, { endpoints }: ProxyResource): Promise<void> {
    const proxy = this.proxy(name);
    proxy.endpoints = [...proxy.endpoints.filter(({ host }) => !endpoints.some(other => other.host === host)), ...endpoints];
    await this.openProxy(proxy);
  }

  async deleteProxy(name: string): Promise<void> {
    await Promise.all([...this.proxies.get(name)?.open.values() ?? []].map(async door => door.stop()));
    this.proxies.delete(name);
  }

  /** What a proxy leads to. Until then it lets nobody in. */
  async putTarget(name: string, target: TargetResource): Promise<void> {
    const proxy = this.proxy(name);
    proxy.target = target;
    await this.openProxy(proxy);
  }

  /** Where each host name of a template is answered for. */
  get doors(): Record<string, { readonly host: string; readonly port: number }> {
    const proxies = [...this.proxies.values()].flatMap(({ open }) => [...open]);
    return Object.fromEntries([...this.instances, ...proxies].map(([host, { port }]) => [host, { host: HOST, port }]));
  }

  /** The counts of the only proxy, or of the one whose endpoint is given. */
  counts(host?: string): ProxyCounts {
    const open = [...this.proxies.values()].flatMap(proxy => [...proxy.open]).filter(([name]) => host === undefined || name === host);
    if (open.length !== 1) throw new Error(`there are ${open.length} proxies${host === undefined ? '' : ` ${host}`}`);
    return open[0][1].counts;
  }

  /** The only server, or the one of a name: to look into it, or to lose it. */
  server(name?: string): DatabaseServer {
    const found = [...this.servers].filter(([other]) => name === undefined || other === name);
    if (found.length !== 1) throw new Error(`there are ${found.length} database servers${name === undefined ? '' : ` ${name}`}`);
    return found[0][1];
  }

  async stop(): Promise<void> {
    const doors = [...this.proxies.values()].flatMap(({ open }) => [...open.values()]);
    await Promise.all(doors.map(async door => door.stop()));
    await Promise.all([...this.instances.values()].map(async door => door.close()));
    await Promise.all([...this.servers.values()].map(async server => server.stop()));
    [this.proxies, this.instances, this.servers, this.sources].forEach(map => map.clear());
  }

  private proxy(name: string): Proxy {
    const proxy = this.proxies.get(name) ?? { endpoints: [], open: new Map() };
    this.proxies.set(name, proxy);
    return proxy;
  }

  private async openProxy(proxy: Proxy): Promise<void> {
    const { target } = proxy;
    if (!target) return;
    for (const endpoint of proxy.endpoints) {
      if (proxy.open.has(endpoint.host)) continue;
      const server = () => this.serverOf(target.server);
      proxy.open.set(endpoint.host, await DatabaseProxy.start({
        ...this.shared(endpoint, server),
        readOnly: endpoint.read_only,
        limits: {
          most: Math.max(1, Math.floor(server().maxConnections * (target.max_connections_percent ?? DEFAULT_PERCENT) / 100)),
          borrowMs: (target.borrow_timeout_seconds ?? DEFAULT_BORROW_SECONDS) * 1000,
        },
      }));
    }
  }

  /** What both kinds of doors have. Tokens are for the address that a function is told here. */
  private shared({ resource_id }: Endpoint, server: () => DatabaseServer) {
    return {
      host: HOST,
      region: 'us-east-1',
      certificate: this.certificate,
      authority: emulatorAuthority(this.emulator, resource_id),
      server: () => server().trusting,
      isIamUser: async (user: string) => server().isIamUser(user),
      onRefusal: this.log,
    };
  }

  private serverOf(name: string): DatabaseServer {
    const server = this.servers.get(this.sources.get(name) ?? name);
    if (!server) throw new Error(`there is no database server ${name}`);
    return server;
  }
}
