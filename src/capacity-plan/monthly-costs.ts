import type { Carrier, PlannedDatabase } from './carrier';
import type { SettledLoad } from './expected-load';
import { OWN_GB, SECONDS, type JobFigures } from './job-figures';
import { INSTANCE_CPUS, INSTANCE_HOURS, PRICES } from '../pricing/prices';

/** What a service costs in a month. */
export interface MonthlyCost {
  /** The service, as it stands on the bill, such as `AWS Lambda`. */
  readonly service: string;
  /** US dollars for what grows with the number of jobs. */
  readonly forJobs: number;
  /** US dollars for what is billed without a job, too. */
  readonly fixed: number;
  /** What it consists of. */
  readonly what: string;
}

const GIB = 1024 ** 3;
/** Alarm metrics and metrics of a default pipeline, in which nothing goes wrong. */
const WATCHED = { alarmMetrics: 15, metrics: 4 };
/** What Lambda asks a queue for messages while there are none: five connections, each for up to 20 seconds, at two queues. */
const POLLING = { queues: 2, connections: 5, seconds: 20 };
const SWEEPER = { seconds: 300, queries: 16 };
const FIREWALL_RULES = 4;
const PROXY_LEAST = { cpus: 2, units: 8 };
/** X-Ray records the first call of each second, and so many of the others. */
const TRACED = 0.05;

/** The bill by service, the largest first. */
export function monthlyCosts(load: SettledLoad, carrier: Carrier, figures: JobFigures): MonthlyCost[] {
  const month = PRICES.hoursPerMonth * 3_600;
  const jobs = load.jobsPerDay * month / 86_400;
  const reads = carrier.api ? jobs * load.statusReadsPerJob : 0;
  return [
    lambda(load, carrier, figures, jobs, reads, month),
    ...(carrier.database ? database(carrier.database, load) : [dynamoDb(load, carrier, figures, jobs, reads, month)]),
    cost('Amazon SQS', jobs * figures.sqsRequests * PRICES.sqsRequest, POLLING.queues * POLLING.connections * month / POLLING.seconds * PRICES.sqsRequest,
      `${figures.sqsRequests} requests a job; polling`),
    ...(carrier.api ? [
      cost('Amazon API Gateway', (jobs + reads) * (carrier.api.kind === 'REST' ? PRICES.restApiRequest : PRICES.httpApiRequest), 0, `requests of the ${carrier.api.kind} API`),
    ] : []),
    ...(carrier.api?.firewall ? [
      cost('AWS WAF', (jobs + reads) * PRICES.wafRequest, PRICES.webAcl + FIREWALL_RULES * PRICES.webAclRule, `requests; a web ACL with ${FIREWALL_RULES} rules`),
    ] : []),
    cost('Amazon CloudWatch', (jobs * figures.logBytes + reads * figures.logBytesOfStatus) / GIB * PRICES.logsGigabyte,
      WATCHED.alarmMetrics * PRICES.alarmMetric + WATCHED.metrics * PRICES.metric, 'log lines of the library; alarms, metrics'),
    ...(carrier.tracing ? [cost('AWS X-Ray', traces(load, jobs, month) * PRICES.trace, 0, 'a trace a second, and 5 % of the rest')] : []),
    ...(carrier.inExecutions ? [
      cost('AWS Step Functions', jobs * load.stateTransitionsPerJob * PRICES.stateTransition, 0, `${load.stateTransitionsPerJob} transitions a job`),
    ] : []),
    ...(figures.files.puts > 0 ? [
      cost('Amazon S3', jobs * (figures.files.puts * PRICES.s3Put + figures.files.gets * PRICES.s3Get)
        + load.jobsPerDay * carrier.retentionDays * figures.files.bytes / GIB * PRICES.s3Gigabyte, 0, 'payloads and results over 64 KiB, for the time that records are kept'),
    ] : []),
    ...(carrier.profile.customerManagedKeys ? [cost('AWS KMS', 0, PRICES.key, 'a key')] : []),
  ].sort((a, b) => b.forJobs + b.fixed - a.forJobs - a.fixed);
}

function cost(service: string, forJobs: number, fixed: number, what: string): MonthlyCost {
  return { service, forJobs, fixed, what };
}

function lambda(
  load: SettledLoad, carrier: Carrier, figures: JobFigures, jobs: number, reads: number, month: number,
): MonthlyCost {
  const ofUser = carrier.x86 ? PRICES.lambdaGbSecondX86 : PRICES.lambdaGbSecond;
  // A runner that calls the function waits for it; in the function itself the library's part comes on top, and a starter waits for nothing.
  const around = carrier.called ? (load.jobSeconds + SECONDS.worker) * OWN_GB * PRICES.lambdaGbSecond
    : carrier.inExecutions ? SECONDS.starter * OWN_GB * PRICES.lambdaGbSecond
      : SECONDS.worker * carrier.memoryGb * ofUser;
  const submit = SECONDS.submit * OWN_GB * PRICES.lambdaGbSecond;
  const aJob = figures.invocations * PRICES.lambdaRequest + submit + around + load.jobSeconds * carrier.memoryGb * ofUser;
  const ready = 2 * (carrier.api?.provisioned ?? 0) * OWN_GB * month * PRICES.lambdaProvisionedGbSecond;
  const sweeps = month / SWEEPER.seconds * (PRICES.lambdaRequest + SECONDS.sweeper * OWN_GB * PRICES.lambdaGbSecond);
  return cost('AWS Lambda', jobs * aJob + reads * (PRICES.lambdaRequest + SECONDS.status * OWN_GB * PRICES.lambdaGbSecond), ready + sweeps,
    `${gb(carrier.memoryGb)} for the time of a job${carrier.inExecutions ? ', in its steps' : carrier.called ? `, and ${gb(OWN_GB)} that wait for it` : ''}; `
    + 'submitting, reading');
}

function gb(size: number): string {
  return `${Math.round(size * 1024)} MB`;
}

function dynamoDb(
  load: SettledLoad, { retentionDays, profile }: Carrier, figures: JobFigures, jobs: number, reads: number, month: number,
): MonthlyCost {
  const stored = load.jobsPerDay * retentionDays * figures.recordBytes / GIB;
  const storage = stored * (PRICES.dynamoDbGigabyte + (profile.pointInTimeRecovery ? PRICES.dynamoDbRecoveryGigabyte : 0));
  return cost('Amazon DynamoDB',
    jobs * (figures.recordWrites + figures.indexWrites) * PRICES.dynamoDbWrite + reads * figures.readsOfStatus * PRICES.dynamoDbRead + storage,
    month / SWEEPER.seconds * SWEEPER.queries * 0.5 * PRICES.dynamoDbRead,
    `${figures.recordWrites} write units a job and ${figures.indexWrites} of indexes; reading; storage`);
}

/** An instance is billed by the hour; of a cluster's units the least all day, and the most for as long as the peak lasts. */
function database(planned: PlannedDatabase, load: SettledLoad): MonthlyCost[] {
  const { instanceClass, multiAz, gigabytes, units, proxyPercent } = planned;
  const { hoursPerMonth } = PRICES;
  if (units) {
    const atPeak = load.peakSeconds / 86_400;
    const onAverage = units.servers * (units.least * (1 - atPeak) + units.most * atPeak);
    return [cost('Amazon RDS', 0, hoursPerMonth * (onAverage * PRICES.auroraCapacityUnitHour
      + (proxyPercent === undefined ? 0 : Math.max(PROXY_LEAST.units, units.most) * PRICES.databaseProxyHour)) + gigabytes * PRICES.auroraGigabyte,
    `Aurora, ${units.servers} × ${units.least} ACU, ${units.most} at the peak${proxyPercent === undefined ? '' : '; a proxy'}; ${gigabytes} GB`)];
  }
  const hour = INSTANCE_HOURS[instanceClass ?? ''];
  const times = multiAz ? 2 : 1;
  const proxy = proxyPercent === undefined ? 0 : Math.max(PROXY_LEAST.cpus, INSTANCE_CPUS[instanceClass ?? ''] ?? 0) * PRICES.databaseProxyHour;
  return [cost('Amazon RDS', 0, hoursPerMonth * (times * (hour ?? 0) + proxy) + times * gigabytes * PRICES.rdsGigabyte,
    `${times} × ${instanceClass}${hour === undefined ? ' (its price is not known here: not counted)' : ''}${proxyPercent === undefined ? '' : '; a proxy'}; ${gigabytes} GB`)];
}

/** At the peak and outside of it: the first of each second, and a twentieth of the rest. */
function traces({ jobsPerDay, peakFactor, peakSeconds }: SettledLoad, jobs: number, month: number): number {
  const peak = peakFactor * jobsPerDay / 86_400;
  const base = peakSeconds < 86_400 ? (jobsPerDay - peak * peakSeconds) / (86_400 - peakSeconds) : 0;
  const share = peakSeconds / 86_400;
  const firsts = month * (share * Math.min(1, peak) + (1 - share) * Math.min(1, base));
  return firsts + TRACED * (jobs - firsts);
}
