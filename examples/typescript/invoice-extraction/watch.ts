import * as budgets from 'aws-cdk-lib/aws-budgets';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { FilterPattern } from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { JobProcessingPipeline, JobSteps, ProxiedPostgres } from 'cdk-jobworks';
import { Construct } from 'constructs';
import { explain } from './reasons';

interface WatchProps {
  readonly pipeline: JobProcessingPipeline;
  readonly steps: JobSteps;
  readonly database: ProxiedPostgres;
  readonly functions: readonly lambda.Function[];
  readonly email: string;
  readonly monthlyBudgetUsd: number;
}

/** Who is told what: alarms by e-mail, a dashboard, a budget. */
export class Watch extends Construct {
  constructor(scope: Construct, id: string, { pipeline, steps, database, functions, email, monthlyBudgetUsd }: WatchProps) {
    super(scope, id);
    const topic = new sns.Topic(this, 'Topic', { enforceSSL: true });
    topic.addSubscription(new EmailSubscription(email));
    explain(topic, 'what is mailed needs no queue: the alarm itself goes on telling its state', 'Serverless-SNSRedrivePolicy');
    const loggedErrors = functions.map((fn) => fn.logGroup.addMetricFilter('Errors', {
      filterPattern: FilterPattern.stringValue('$.level', '=', 'ERROR'), metricNamespace: 'InvoiceExtraction', metricName: `${fn.node.id}Errors`,
    }).metric({ statistic: cloudwatch.Stats.SUM }).createAlarm(this, `${fn.node.id}Errors`, {
      threshold: 1, evaluationPeriods: 1, treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    }));
    [pipeline, steps, database, ...loggedErrors].forEach((watched) => watched.addAlarmAction(new SnsAction(topic)));

    const graph = (title: string, ...left: cloudwatch.IMetric[]) => new cloudwatch.GraphWidget({ title, left, width: 12 });
    const used = functions.map((fn) => fn.metric('ConcurrentExecutions', { statistic: cloudwatch.Stats.MAXIMUM, label: fn.node.id }));
    new cloudwatch.Dashboard(this, 'Dashboard', {
      widgets: [
        [graph('Jobs', pipeline.metricSubmitted(), pipeline.metricSucceeded(), pipeline.metricFailed()), graph('Times', pipeline.metricQueueWait(), pipeline.metricDuration())],
        [graph('Concurrency', ...used), graph('Database', database.instance!.metricDatabaseConnections(), database.instance!.metricCPUUtilization())],
      ],
    });
    new budgets.CfnBudget(this, 'Budget', {
      budget: { budgetType: 'COST', timeUnit: 'MONTHLY', budgetLimit: { amount: monthlyBudgetUsd, unit: 'USD' }, costFilters: { TagKeyValue: ['user:system$invoice-extraction'] } },
      notificationsWithSubscribers: [{
        notification: { notificationType: 'FORECASTED', comparisonOperator: 'GREATER_THAN', threshold: 100 },
        subscribers: [{ subscriptionType: 'EMAIL', address: email }],
      }],
    });
  }
}
