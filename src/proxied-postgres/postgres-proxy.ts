import type { Duration } from 'aws-cdk-lib';
import { checkNoArguments } from '../internal/arguments';

/** How a proxy shares its connections. */
export interface PostgresProxyOptions {
  /**
   * How much of what the engine takes the proxy may open, in percent from 1 to 100. The rest is for migrations, rotation and people.
   *
   * @default 90
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-connections.html
   */
  readonly maxConnectionsPercent?: number;

  /**
   * How much of it the proxy keeps open while nobody needs it, in percent from 0 to `maxConnectionsPercent`.
   *
   * @default - half of `maxConnectionsPercent`
   */
  readonly maxIdleConnectionsPercent?: number;

  /**
   * How long somebody waits for a connection while all are in use, from 1 second to 5 minutes. The runtime's pool tries for 10 seconds.
   *
   * @default Duration.seconds(30)
   */
  readonly borrowTimeout?: Duration;

  /**
   * After how long the proxy closes a client's connection that says nothing, from 1 second to 8 hours.
   *
   * @default Duration.minutes(30)
   */
  readonly idleClientTimeout?: Duration;

  /**
   * Whether the proxy logs what clients do, the text of their statements among it. AWS switches it off after a day.
   *
   * @default false
   */
  readonly debugLogging?: boolean;
}

/**
 * Whether connections are pooled by an RDS Proxy.
 *
 * A proxy is billed for each vCPU of the instance, 0.015 USD an hour and at least two of them, which is 21.90 USD a month; with Aurora Serverless v2
 * for each ACU, 0.015 USD an hour and at least 8, which is 87.60 USD a month (us-east-1, November 2026).
 *
 * @see https://aws.amazon.com/rds/proxy/pricing/
 */
export class PostgresProxy {
  /**
   * A proxy, which takes TLS and tokens of IAM alone and comes to the database by IAM as well. There is no password of an application.
   *
   * @param options how it shares its connections
   * @returns the default with `EnvironmentProfile.staging()` and `prod()`
   */
  public static pooled(options: PostgresProxyOptions = {}): PostgresProxy {
    return new PostgresProxy('pooled', options);
  }

  /**
   * No proxy: functions come to the database directly, each process with connections of its own. For the smallest development database.
   *
   * @returns the default with `EnvironmentProfile.dev()`
   */
  public static none(): PostgresProxy {
    checkNoArguments('PostgresProxy.none()', arguments, 'options are those of PostgresProxy.pooled({ … })');
    return new PostgresProxy('none', undefined);
  }

  private constructor(
    /** What the choice is called: `pooled` or `none`. */
    public readonly name: string,
    /** @internal */
    public readonly _options: PostgresProxyOptions | undefined,
  ) {}
}
