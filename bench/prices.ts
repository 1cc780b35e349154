/**
 * What AWS asks for, in US dollars, on demand, without free allowances: us-east-1, November 2026.
 * @see https://aws.amazon.com/dynamodb/pricing/on-demand/
 * @see https://aws.amazon.com/sqs/pricing/
 * @see https://aws.amazon.com/lambda/pricing/
 * @see https://aws.amazon.com/api-gateway/pricing/
 * @see https://aws.amazon.com/cloudwatch/pricing/
 * @see https://aws.amazon.com/waf/pricing/
 * @see https://aws.amazon.com/kms/pricing/
 * @see https://aws.amazon.com/vpc/pricing/
 * @see https://aws.amazon.com/privatelink/pricing/
 * @see https://aws.amazon.com/rds/proxy/pricing/
 * @see https://aws.amazon.com/secrets-manager/pricing/
 * @see https://aws.amazon.com/ec2/pricing/on-demand/
 * @see https://aws.amazon.com/ebs/pricing/
 */
export const PRICES = {
  /** A write of up to 1 KB. */
  dynamoDbWrite: 0.625 / 1e6,
  /** A read of up to 4 KB; half of one where it need not be consistent. */
  dynamoDbRead: 0.125 / 1e6,
  /** A request of up to 64 KB, of a batch of up to 10 messages too. */
  sqsRequest: 0.4 / 1e6,
  lambdaRequest: 0.2 / 1e6,
  /** A second of a function with 1 GB, on arm64. */
  lambdaGbSecond: 0.0000133334,
  restApiRequest: 3.5 / 1e6,
  wafRequest: 0.6 / 1e6,
  logsGigabyte: 0.5,
  /** A month of an alarm, for each metric that it judges. */
  alarmMetric: 0.1,
  /** A month of a metric of one's own. */
  metric: 0.3,
  /** A month of a customer's key. */
  key: 1,
  /** A month. */
  webAcl: 5,
  /** A month. */
  webAclRule: 1,
  /** What months are counted as. */
  hoursPerMonth: 730,
  natGatewayHour: 0.045,
  /** In either direction. */
  natGatewayGigabyte: 0.045,
  /** A public address, such as a NAT gateway has. */
  publicAddressHour: 0.005,
  /** In one availability zone. */
  interfaceEndpointHour: 0.01,
  interfaceEndpointGigabyte: 0.01,
  /** From one availability zone to another, on each side. */
  crossZoneGigabyte: 0.01,
  /** For each vCPU of an instance, or each ACU of a serverless cluster. */
  databaseProxyHour: 0.015,
  /** A month. */
  secret: 0.4,
  /** A machine of the size t4g.nano. */
  nanoHour: 0.0042,
  /** A month of a gigabyte of gp3. */
  diskGigabyte: 0.08,
} as const;
