import { connect, type Socket } from 'node:net';
import { ClientConnection } from './client-connection';
import { Door } from './door';
import { type Authority, tokenProblem } from './login';
import { startup } from './messages';
import { openOverTls, type TrustingServer } from './server-connection';
import type { Certificate } from '../../../test/support/postgres/certificate';

export interface InstanceOptions {
  /** The name that tokens are signed for. */
  readonly host: string;
  readonly region: string;
  readonly certificate: Certificate;
  readonly authority: Authority;
  readonly server: () => TrustingServer;
  /** Whether the server takes a user by IAM; others come by a password of their own. */
  readonly isIamUser: (user: string) => Promise<boolean>;
  /** A reader takes no changes. */
  readonly readOnly?: boolean;
  readonly onRefusal?: (text: string) => void;
}

/**
 * What stands where an instance's endpoint leads: TLS only, tokens of IAM for the members of `rds_iam`, and for everybody else what the real server
 * asks for, which hears their password itself.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html
 */
export class InstanceDoor {
  static async open(options: InstanceOptions): Promise<InstanceDoor> {
    const instance: InstanceDoor = new InstanceDoor(options, await Door.open(async socket => instance.admit(socket)));
    return instance;
  }

  /** Clients that are connected, and the most there were. */
  readonly counts = { clients: 0, mostClients: 0 };

  private constructor(private readonly options: InstanceOptions, private readonly door: Door) {}

  get port(): number {
    return this.door.port;
  }

  async close(): Promise<void> {
    await this.door.close();
  }

  private async admit(socket: Socket): Promise<void> {
    const { certificate, isIamUser } = this.options;
    const client = await ClientConnection.greet(socket, certificate);
    if (!client) return;
    const { user, database } = client;
    if (!client.encrypted) {
      return client.refuse({ code: '28000', message: `no pg_hba.conf entry for host "127.0.0.1", user "${user}", database "${database}", no encryption` });
    }
    this.count(socket);
    try {
      await (await isIamUser(user) ? this.byToken(client) : this.byPassword(client));
    } catch {
      client.refuse({ code: '57P03', message: 'the database system is not accepting connections' });
    }
  }

  private async byToken(client: ClientConnection): Promise<void> {
    const { host, region, authority, onRefusal, server } = this.options;
    client.listen();
    const problem = await tokenProblem(client, { host, port: this.port, region }, authority);
    if (problem !== undefined) {
      onRefusal?.(`${client.user}: ${problem}`);
      return client.refuse({ code: '28P01', message: `PAM authentication failed for user "${client.user}"` });
    }
    const { socketFolder, port } = server();
    const stream = connect(`${socketFolder}/.s.PGSQL.${port}`);
    await connected(stream);
    stream.write(startup(this.parametersOf(client)));
    client.pipe(stream);
  }

  private async byPassword(client: ClientConnection): Promise<void> {
    const stream = await openOverTls(this.options.server().port, this.options.certificate.certificate);
    stream.write(startup(this.parametersOf(client)));
    client.pipe(stream);
  }

  private parametersOf({ parameters }: ClientConnection): Record<string, string> {
    return this.options.readOnly ? { ...parameters, default_transaction_read_only: 'on' } : { ...parameters };
  }

  private count(socket: Socket): void {
    const { counts } = this;
    counts.clients++;
    counts.mostClients = Math.max(counts.mostClients, counts.clients);
    socket.once('close', () => { counts.clients--; });
  }
}

async function connected(stream: Socket): Promise<void> {
  await new Promise<void>((resolve, reject) => stream.once('connect', resolve).once('error', reject));
}
