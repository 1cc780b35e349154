import { Duration, Size } from 'aws-cdk-lib';
import latest from '../../bench/latest.json';
import { CapacityPlan } from '../../src/capacity-plan/capacity-plan';
import { JobApi } from '../../src/job-api/job-api';

/* What the plan reckons for jobs is what the benchmark counted and measured of a million of them; what is billed without a job likewise. */

const measured = (metric: string) => latest.rows.find((row) => row.metric === metric)!.value;

/** As the benchmark's jobs: a small payload, a handler that does nothing. */
const plan = CapacityPlan.of({
  jobsPerDay: 1e6 * 24 / 730, jobDuration: Duration.millis(1), payloadSize: Size.bytes(200), resultSize: Size.bytes(50), statusReadsPerJob: 0,
}, { api: JobApi.none(), tracing: false });
const cost = (service: string) => plan.costs.find((one) => one.service === service)!;

test.each([
  ['AWS Lambda', measured('a million jobs: functions')],
  ['Amazon SQS', measured('a million jobs: queue')],
  ['Amazon CloudWatch', measured('a million jobs: logs')],
])('a million jobs in %s', (service, dollars) => {
  expect(cost(service).forJobs / dollars).toBeGreaterThan(0.95);
  expect(cost(service).forJobs / dollars).toBeLessThan(1.05);
});

/** The benchmark leaves storage out: 30 days of records of 850 bytes, with their backups. */
const KEPT = 1e6 * 24 / 730 * 30 * 850 / 2 ** 30 * (0.25 + 0.2);

test('a million jobs in the table, whose records are also kept for a month', () => {
  expect(cost('Amazon DynamoDB').forJobs - KEPT).toBeCloseTo(measured('a million jobs: records') + measured('a million jobs: indexes'), 1);
});

test('all in', () => {
  const all = plan.costs.reduce((sum, { forJobs }) => sum + forJobs, 0);
  expect(all / (measured('a million jobs: all in, without API Gateway') + KEPT)).toBeCloseTo(1, 1);
  expect(plan.costPerThousandJobs).toBeCloseTo(all / 1000, 6);
});

test('a million requests of the API, and its firewall', () => {
  const open = CapacityPlan.of({ jobsPerDay: 1e6 * 24 / 730, jobDuration: Duration.millis(1), statusReadsPerJob: 0 });
  const [api, firewall] = ['Amazon API Gateway', 'AWS WAF'].map((service) => open.costs.find((one) => one.service === service)!);
  expect(api!.forJobs + firewall!.forJobs).toBeCloseTo(measured('a million requests of the REST API'), 2);
  expect(firewall!.fixed).toBe(measured('a month without a job: firewall'));
});

test('a month without a job', () => {
  expect(cost('Amazon SQS').fixed).toBeCloseTo(measured('a month without a job: waiting at the queues'), 1);
  expect(cost('AWS Lambda').fixed + cost('Amazon DynamoDB').fixed).toBeCloseTo(measured('a month without a job: sweeper'), 1);
  // Alarms come and go as they are thought of: a few more or less.
  expect(Math.abs(cost('Amazon CloudWatch').fixed + cost('AWS KMS').fixed - measured('a month without a job: alarms, metrics and key'))).toBeLessThan(1);
});
