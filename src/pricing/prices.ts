/**
 * What the prices are of. Whoever shows an amount shows this with it.
 *
 * They are what AWS's own pages say, which are named beside each group: the public price on demand, in the first tier, without free allowances,
 * discounts and taxes. To bring them up to date, go through these pages, then change the date.
 */
export const PRICE_LIST = { region: 'us-east-1', date: '2026-11' } as const;

/** What AWS asks for, in US dollars. */
export const PRICES = {
  /** What months are counted as. */
  hoursPerMonth: 730,

  // https://aws.amazon.com/lambda/pricing/
  lambdaRequest: 0.2 / 1e6,
  /** A second of a function with 1 GB, on arm64. */
  lambdaGbSecond: 0.0000133334,
  /** The same on x86_64. */
  lambdaGbSecondX86: 0.0000166667,
  /** A second for which 1 GB stands ready on arm64, used or not. */
  lambdaProvisionedGbSecond: 0.0000033334,
  /** The same on x86_64. */
  lambdaProvisionedGbSecondX86: 0.0000041667,
  /** A second of a function with 1 GB that runs in what stands ready, on arm64. */
  lambdaGbSecondProvisioned: 0.0000077778,
  /** The same on x86_64. */
  lambdaGbSecondProvisionedX86: 0.0000097222,

  // https://aws.amazon.com/dynamodb/pricing/on-demand/
  /** A write of up to 1 KB. */
  dynamoDbWrite: 0.625 / 1e6,
  /** A read of up to 4 KB; half of one where it need not be consistent. */
  dynamoDbRead: 0.125 / 1e6,
  /** A month of a gigabyte. */
  dynamoDbGigabyte: 0.25,
  /** A month of a gigabyte of a table that can be restored to any point in time. */
  dynamoDbRecoveryGigabyte: 0.2,

  // https://aws.amazon.com/sqs/pricing/
  /** A request of up to 64 KB, of a batch of up to 10 messages too. */
  sqsRequest: 0.4 / 1e6,

  // https://aws.amazon.com/sns/pricing/
  /** A notification that is published, up to 64 KB. */
  snsRequest: 0.5 / 1e6,
  snsEmail: 2 / 1e5,
  snsHttps: 0.6 / 1e6,

  // https://aws.amazon.com/api-gateway/pricing/
  restApiRequest: 3.5 / 1e6,
  /** A request of up to 512 KB. */
  httpApiRequest: 1 / 1e6,

  // https://aws.amazon.com/waf/pricing/
  wafRequest: 0.6 / 1e6,
  /** A month. */
  webAcl: 5,
  /** A month. */
  webAclRule: 1,

  // https://aws.amazon.com/step-functions/pricing/
  /** One state of a Standard workflow to the next. */
  stateTransition: 0.025 / 1e3,

  // https://aws.amazon.com/s3/pricing/
  /** A month of a gigabyte, in class Standard. */
  s3Gigabyte: 0.023,
  /** PUT, POST, COPY or LIST. */
  s3Put: 0.005 / 1e3,
  s3Get: 0.0004 / 1e3,
  /** A month of an object over 128 KB in intelligent tiering. */
  s3TieredObject: 0.0025 / 1e3,

  // https://aws.amazon.com/cloudwatch/pricing/
  /** A gigabyte taken in. */
  logsGigabyte: 0.5,
  /** A month of a gigabyte, as it is compressed. */
  logsStoredGigabyte: 0.03,
  /** A gigabyte that a query of Logs Insights goes through. */
  logsQueriedGigabyte: 0.005,
  /** A month of an alarm, for each metric that it judges. */
  alarmMetric: 0.1,
  /** A month of an alarm on an anomaly: the metric and the two edges of its band. */
  anomalyAlarm: 0.3,
  /** A month. */
  compositeAlarm: 0.5,
  /** A month of a metric of one's own. */
  metric: 0.3,
  /** A month. */
  dashboard: 3,
  /** A month of a rule of Contributor Insights on logs. */
  contributorRule: 0.5,
  /** A line of the log that matches such a rule. */
  contributorEvent: 0.02 / 1e6,

  // https://aws.amazon.com/xray/pricing/
  /** A trace that is recorded. */
  trace: 5 / 1e6,

  // https://aws.amazon.com/kms/pricing/
  /** A month of a customer's key. */
  key: 1,
  kmsRequest: 0.03 / 1e4,

  // https://aws.amazon.com/secrets-manager/pricing/
  /** A month. */
  secret: 0.4,
  secretRequest: 0.05 / 1e4,

  // https://aws.amazon.com/systems-manager/pricing/#AppConfig
  /** A client asks whether there is a new configuration. */
  appConfigRequest: 0.0000002,
  /** It is given one. */
  appConfigReceived: 0.0008,

  // https://aws.amazon.com/rds/postgresql/pricing/
  /** A month of a gigabyte of gp3; twice as much with a standby in a second zone. */
  rdsGigabyte: 0.115,

  // https://aws.amazon.com/rds/proxy/pricing/
  /** For each vCPU of an instance, or each ACU of a serverless cluster. */
  databaseProxyHour: 0.015,

  // https://aws.amazon.com/rds/aurora/pricing/ (Aurora Standard)
  auroraCapacityUnitHour: 0.12,
  /** A month of a gigabyte. */
  auroraGigabyte: 0.1,
  auroraRequest: 0.2 / 1e6,

  // https://aws.amazon.com/vpc/pricing/ and https://aws.amazon.com/privatelink/pricing/
  natGatewayHour: 0.045,
  /** In either direction. */
  natGatewayGigabyte: 0.045,
  /** A public address, such as a NAT gateway has. */
  publicAddressHour: 0.005,
  /** In one availability zone. */
  interfaceEndpointHour: 0.01,
  interfaceEndpointGigabyte: 0.01,

  // https://aws.amazon.com/ec2/pricing/on-demand/ and https://aws.amazon.com/ebs/pricing/
  /** From one availability zone to another, on each side. */
  crossZoneGigabyte: 0.01,
  /** A machine of the size t4g.nano. */
  nanoHour: 0.0042,
  /** A month of a gigabyte of gp3. */
  diskGigabyte: 0.08,
} as const;

/**
 * An hour of an instance with PostgreSQL, in one zone; twice as much with a standby in a second one. Of the classes that profiles choose, and what
 * is beside them.
 *
 * @see https://aws.amazon.com/rds/postgresql/pricing/
 */
export const INSTANCE_HOURS: Readonly<Record<string, number>> = {
  't4g.micro': 0.016,
  't4g.small': 0.032,
  't4g.medium': 0.065,
  't4g.large': 0.129,
  'm6g.large': 0.159,
  'm7g.large': 0.168,
  'm7g.xlarge': 0.337,
  'm7g.2xlarge': 0.674,
  'r6g.large': 0.225,
  'r7g.large': 0.239,
};

/** vCPUs of the same classes: what a proxy in front of them is billed by. */
export const INSTANCE_CPUS: Readonly<Record<string, number>> = {
  't4g.micro': 2,
  't4g.small': 2,
  't4g.medium': 2,
  't4g.large': 2,
  'm6g.large': 2,
  'm7g.large': 2,
  'm7g.xlarge': 4,
  'm7g.2xlarge': 8,
  'r6g.large': 2,
  'r7g.large': 2,
};

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

/** The list as a text says it: `us-east-1, November 2026`. */
export function priceListText(): string {
  const [year, month] = PRICE_LIST.date.split('-');
  return `${PRICE_LIST.region}, ${MONTHS[Number(month) - 1]} ${year}`;
}
