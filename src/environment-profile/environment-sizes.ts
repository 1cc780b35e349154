import { RemovalPolicy, Size } from 'aws-cdk-lib';

/**
 * How large things are in an environment where nobody says otherwise.
 *
 * | | `dev` | `staging` | `prod` |
 * |---|---|---|---|
 * | NAT gateways | one | one | one in each zone |
 * | instance of a database | t4g.micro | t4g.small | m7g.large |
 * | in several zones | no | no | yes |
 * | Aurora, capacity units | 0.5 to 2 | 0.5 to 4 | 1 to 8 |
 * | Aurora, readers | 0 | 0 | 1 |
 * | proxy before a database | no | yes | yes |
 * | a database is protected from deletion | no | yes | yes |
 * | invocations of a worker at once | 5 | 10 | 50 |
 * | memory of a worker | 512 MiB | 1,024 MiB | 1,024 MiB |
 * | instances of an API's functions that stand ready | 0 | 0 | 2 |
 * | budget of a month | 100 USD | 200 USD | 500 USD |
 */
export interface EnvironmentSizes {
  /** Whether a network has a NAT gateway in each zone; else one for all. */
  readonly natGatewayPerZone: boolean;
  /** The class of a PostgreSQL instance, such as `t4g.micro`. */
  readonly databaseInstance: string;
  /** Whether a PostgreSQL instance has another in a second zone that takes its place. */
  readonly databaseMultiAz: boolean;
  /** Whether connections to a database are shared by a proxy. */
  readonly databaseProxy: boolean;
  /** Whether AWS refuses to delete a database until this is switched off. */
  readonly databaseDeletionProtection: boolean;
  /** What happens to a database that leaves its stack. */
  readonly databaseRemovalPolicy: RemovalPolicy;
  /** The least capacity of Aurora Serverless v2, in capacity units (ACU). */
  readonly auroraMinCapacity: number;
  /** The most capacity of Aurora Serverless v2, in capacity units (ACU). */
  readonly auroraMaxCapacity: number;
  /** How many readers an Aurora cluster has. */
  readonly auroraReaders: number;

  /**
   * How many invocations of a worker suit the environment's database: for `maximumConcurrency` of a pipeline or worker. Not a default of those: a
   * limit that nobody knows of would hold jobs up.
   */
  readonly workerConcurrency: number;

  /** What suits a worker of that environment: for `memorySize` of your function. */
  readonly workerMemory: Size;

  /** How many instances of an API's functions should stand ready: for `provisionedConcurrency` of an API, which is billed by the hour. */
  readonly apiProvisionedConcurrency: number;

  /** What a month may cost, in US dollars: the budget of a `CostGuard`. */
  readonly monthlyBudgetDollars: number;
}

/** Functions, as classes of the CDK are not to be touched before somebody asks. */
export const SIZES = {
  dev: (): EnvironmentSizes => ({
    natGatewayPerZone: false,
    databaseInstance: 't4g.micro',
    databaseMultiAz: false,
    databaseProxy: false,
    databaseDeletionProtection: false,
    databaseRemovalPolicy: RemovalPolicy.DESTROY,
    auroraMinCapacity: 0.5,
    auroraMaxCapacity: 2,
    auroraReaders: 0,
    workerConcurrency: 5,
    workerMemory: Size.mebibytes(512),
    apiProvisionedConcurrency: 0,
    monthlyBudgetDollars: 100,
  }),
  staging: (): EnvironmentSizes => ({
    natGatewayPerZone: false,
    databaseInstance: 't4g.small',
    databaseMultiAz: false,
    databaseProxy: true,
    databaseDeletionProtection: true,
    databaseRemovalPolicy: RemovalPolicy.SNAPSHOT,
    auroraMinCapacity: 0.5,
    auroraMaxCapacity: 4,
    auroraReaders: 0,
    workerConcurrency: 10,
    workerMemory: Size.mebibytes(1_024),
    apiProvisionedConcurrency: 0,
    monthlyBudgetDollars: 200,
  }),
  prod: (): EnvironmentSizes => ({
    natGatewayPerZone: true,
    databaseInstance: 'm7g.large',
    databaseMultiAz: true,
    databaseProxy: true,
    databaseDeletionProtection: true,
    databaseRemovalPolicy: RemovalPolicy.SNAPSHOT,
    auroraMinCapacity: 1,
    auroraMaxCapacity: 8,
    auroraReaders: 1,
    workerConcurrency: 50,
    workerMemory: Size.mebibytes(1_024),
    apiProvisionedConcurrency: 2,
    monthlyBudgetDollars: 500,
  }),
} as const;
