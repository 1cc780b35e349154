import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { DashboardSection, type Monitoring } from '../monitoring/monitored';
import { PRICES } from '../pricing/prices';

/** Storage classes that files of jobs are in, as CloudWatch calls them. */
const STORAGE = {
  standard: 'StandardStorage',
  tiered: 'IntelligentTieringFAStorage',
  tieredUnread: 'IntelligentTieringIAStorage',
} as const;

/** What is measured. */
export interface MeasuredFiles {
  readonly title: string;
  readonly bucket: IBucket;
  readonly size: (storageType: string) => cloudwatch.Metric;
}

/** S3 says once a day how much there is: on a page of some hours there would be nothing to see. */
const DAYS = { start: '-P14D', end: 'P0D' } as const;

/** Daily numbers: a period that is shorter would show gaps. */
export function filesMonitoring({ title, bucket, size }: MeasuredFiles): Monitoring {
  const sizes = { standard: size(STORAGE.standard), tiered: size(STORAGE.tiered) };
  const day = Duration.days(1);
  const number = new cloudwatch.Metric({
    namespace: 'AWS/S3',
    metricName: 'NumberOfObjects',
    dimensionsMap: { BucketName: bucket.bucketName, StorageType: 'AllStorageTypes' },
    statistic: cloudwatch.Stats.AVERAGE,
    period: day,
    label: 'files',
  });
  return {
    title,
    rows: [{
      section: DashboardSection.DATABASE,
      widgets: [
        new cloudwatch.GraphWidget({
          title: `${title}: bytes stored, in the last 14 days`,
          width: 12,
          ...DAYS,
          period: day,
          left: [
            sizes.standard.with({ label: 'standard' }),
            sizes.tiered.with({ label: 'tiered' }),
            size(STORAGE.tieredUnread).with({ label: 'tiered, unread for 30 days' }),
          ],
          leftYAxis: { min: 0, label: 'bytes', showUnits: false },
          stacked: true,
        }),
        new cloudwatch.GraphWidget({
          title: `${title}: number of files, in the last 14 days`,
          width: 12,
          ...DAYS,
          period: day,
          left: [number],
          leftYAxis: { min: 0, label: 'files', showUnits: false },
        }),
      ],
    }],
    costs: [{
      service: 'Amazon S3',
      metric: new cloudwatch.MathExpression({
        expression: `(FILL(standard, 0) + FILL(tiered, 0)) / 1073741824 * ${PRICES.s3Gigabyte * 24 / PRICES.hoursPerMonth}`,
        usingMetrics: sizes,
        period: day,
        label: 'Amazon S3',
      }),
    }],
  };
}
