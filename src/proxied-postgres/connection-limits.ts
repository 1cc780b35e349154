import { Token } from 'aws-cdk-lib';
import type { InstanceType } from 'aws-cdk-lib/aws-ec2';

/** What one connection is reckoned with by the engine's own formula: LEAST({DBInstanceClassMemory/9531392}, 5000). */
const BYTES_A_CONNECTION = 9_531_392;
const MOST_CONNECTIONS = 5_000;
/** With less than one ACU at least. */
const MOST_WHEN_SMALL = 2_000;
const GIBIBYTES_AN_ACU = 2;

/** GiB of memory of a `large`, by the letter of the family: general purpose and memory-optimised. */
const LARGE: Readonly<Record<string, number>> = { t: 8, m: 8, r: 16 };
const SMALLER: Readonly<Record<string, number>> = { medium: 1 / 2, small: 1 / 4, micro: 1 / 8 };

/**
 * How many connections a server of so much memory takes, about: the engine's own formula, on the memory that the operating system and RDS leave.
 * What they take was fitted to AWS's table for Aurora (2 GiB: 189, 8 GiB: 823, 16 GiB: 1,669, 32 GiB: 3,360), and is within 1 % of it.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
 */
export function connectionsOf(gibibytes: number): number {
  const bytes = (0.937 * gibibytes - 0.2) * 1024 ** 3;
  return Math.max(1, Math.min(MOST_CONNECTIONS, Math.floor(bytes / BYTES_A_CONNECTION)));
}

/** How many connections an instance takes; nothing where its class is not known here. */
export function instanceConnections(type: InstanceType): number | undefined {
  const memory = memoryOf(type);
  return memory === undefined ? undefined : connectionsOf(memory);
}

/** How many connections a serverless server takes: by what it could grow to, as the engine reckons when it starts. */
export function auroraConnections(minCapacity: number, maxCapacity: number): number {
  const connections = connectionsOf(maxCapacity * GIBIBYTES_AN_ACU);
  return minCapacity < 1 ? Math.min(connections, MOST_WHEN_SMALL) : connections;
}

/** The memory of an instance class, in GiB. */
export function memoryOf(type: InstanceType): number | undefined {
  const text = type.toString();
  const [, family, size] = Token.isUnresolved(text) ? [] : /^(?:db\.)?([tmr])\d+[a-z]*\.(\w+)$/.exec(text) ?? [];
  const large = family === undefined ? undefined : LARGE[family];
  const factor = size === undefined ? undefined : size === 'large' ? 1 : SMALLER[size] ?? doubled(size);
  return large === undefined || factor === undefined ? undefined : large * factor;
}

function doubled(size: string): number | undefined {
  const [, count] = /^(\d*)xlarge$/.exec(size) ?? [];
  return count === undefined ? undefined : 2 * Number(count === '' ? 1 : count);
}
