import { App, Aspects, CfnResource, Duration, type IAspect, Size, Stack } from 'aws-cdk-lib';
import { GraphWidget, type IAlarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct, type IConstruct } from 'constructs';
import {
  AlarmChannel, AlarmSeverity, ApiAuthentication, ApiFirewall, BackupCopy, CapacityPlan, ConfigParameters, CostGuard, DashboardSection,
  EnvironmentProfile, GivenUpCause, GradualDeployment, type IMonitored, JobApi, JobFiles, JobProcessingPipeline, JobProcessor, JobsTable, JobSteps,
  JobStore, LogKind, Monitored, type Monitoring, NatGateways, NetworkEndpoint, ObservabilityDashboard, PayloadSchema, PostgresEngine, PostgresProxy,
  PostgresRole, ProxiedPostgres, RetryPolicy, SecureNetwork, SmokeTest, SqlMigrations, StatusCacheSize, SubmitLimit, TraceSampling,
} from 'cdk-jobworks';

/** The library calls back into the app's language, once for each construct of the tree. */
class QueuesAreOwned implements IAspect {
  public visit(node: IConstruct): void {
    if (CfnResource.isCfnResource(node) && node.cfnResourceType === 'AWS::SQS::Queue') {
      node.addMetadata('Team', 'drawings');
    }
  }
}

/** The library asks it, and gets structs of the app's language, with constructs, metrics and widgets in them. */
class Importer extends Construct implements IMonitored {
  private readonly runs = new Metric({ namespace: 'Imports', metricName: 'Runs', statistic: 'Sum' });
  private readonly logGroup = new LogGroup(this, 'Logs');
  private readonly stopped: IAlarm;

  public constructor(scope: Construct, id: string, private readonly needs: IMonitored) {
    super(scope, id);
    this.stopped = this.runs.createAlarm(this, 'Stopped', { threshold: 1, evaluationPeriods: 3 });
  }

  public monitor(): Monitoring {
    return {
      title: 'importer',
      alarms: [{
        alarm: this.stopped, severity: AlarmSeverity.PAGE, label: 'stopped', action: 'Start it again.', runbook: 'https://example.com/importer',
      }],
      rows: [{ section: DashboardSection.WORKERS, widgets: [new GraphWidget({ title: 'importer: runs', left: [this.runs], width: 24 })] }],
      verdict: { arrived: this.runs },
      logs: [{ logGroup: this.logGroup, kind: LogKind.OTHER }],
      queries: [{ title: 'Runs', query: 'fields @message | limit 20' }],
      costs: [{ service: 'Imports', metric: new Metric({ namespace: 'Imports', metricName: 'Cost', statistic: 'Sum' }) }],
      dependsOn: [this.needs],
    };
  }
}

const app = new App();
const stack = new Stack(app, 'Polyglot');

function userFunction(id: string, scope = stack): lambda.Function {
  return new lambda.Function(scope, id, {
    code: lambda.Code.fromAsset(app.node.getContext('handler')),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    timeout: Duration.minutes(2),
  });
}

new JobProcessingPipeline(stack, 'Jobs', {
  processor: JobProcessor.inFunction(userFunction('Function')),
});

const drawings = new JobProcessingPipeline(stack, 'Drawings', {
  processor: JobProcessor.inFunction(userFunction('Analyse')),
  pipelineName: 'drawings',
  profile: EnvironmentProfile.staging(),
  store: JobStore.dynamoDb(),
  api: JobApi.rest({
    authentication: ApiAuthentication.apiKeys(),
    submitLimit: SubmitLimit.usagePlan({ ratePerSecond: 2, burst: 20 }),
    submitPath: '/process-drawing',
    statusPath: '/status/{job_id}',
  }),
  payloadSchema: PayloadSchema.fromObject({
    type: 'object',
    required: ['pages'],
    properties: { pages: { type: 'array', minItems: 1, items: { type: 'integer' } }, ratio: { type: 'number', minimum: 0.5 } },
    additionalProperties: false,
  }),
  retryPolicy: RetryPolicy.exponential({ maxAttempts: 5, firstDelay: Duration.seconds(30), jitter: 0.25 }),
  deadline: Duration.hours(12),
  maximumConcurrency: 4,
  alarms: {
    failureRate: { threshold: 20, period: Duration.minutes(10) },
    worker: { throttles: { enabled: false } },
  },
});
drawings.addCustomer('acme');

const operators = new Topic(stack, 'Operators');
drawings.addAlarmAction(new SnsAction(operators));
drawings.worker.alarms.oldestMessageAge!.addOkAction(new SnsAction(operators));
drawings.metricDuration({ period: Duration.minutes(1) }).createAlarm(stack, 'Slow', { threshold: 60_000, evaluationPeriods: 3 });
drawings.metricDeadLetteredBy(GivenUpCause.FUSE).createAlarm(stack, 'CannotStart', { threshold: 1, evaluationPeriods: 1 });

const documents = new JobProcessingPipeline(stack, 'Documents', {
  processor: JobProcessor.inFunction(userFunction('Read')),
  store: JobStore.dynamoDb({ table: new JobsTable(stack, 'Records', { profile: EnvironmentProfile.dev() }).table }),
  bucket: new Bucket(stack, 'Files'),
  api: JobApi.rest({
    authentication: ApiAuthentication.cognito([new UserPool(stack, 'Users')], { scopes: ['jobs/submit'] }),
    listPath: '/mine',
    uploadPath: '/files',
    maxUploadSize: Size.mebibytes(20),
    submitLimit: SubmitLimit.exact({ perMinute: 30 }),
    cors: { allowOrigins: ['https://app.example.com', 'https://www.example.com'], maxAge: Duration.minutes(10) },
    firewall: ApiFirewall.managed({ requestsPerFiveMinutes: 500, countedRules: ['GenericRFI_BODY'] }),
    statusCaching: { ttl: Duration.seconds(2), size: StatusCacheSize.GB_1_6 },
    provisionedConcurrency: 2,
  }),
});
stack.addMetadata('OpenApi', documents.toOpenApi());

const letters = new JobProcessingPipeline(stack, 'Letters', {
  processor: JobProcessor.callFunction(
    lambda.Function.fromFunctionArn(stack, 'Called', 'arn:aws:lambda:eu-west-1:123456789012:function:theirs'),
    { timeout: Duration.minutes(5) },
  ),
  profile: EnvironmentProfile.dev(),
  api: JobApi.none(),
});
const clerk = userFunction('Clerk');
letters.grantSubmit(clerk);
letters.grantReadJobs(clerk);
letters.grantOperate(clerk);

const second = new Stack(app, 'PolyglotPostgres');
const profile = EnvironmentProfile.staging();
const network = new SecureNetwork(second, 'Network', {
  profile,
  cidr: '10.1.0.0/16',
  natGateways: NatGateways.one(),
  endpoints: [NetworkEndpoint.SQS, NetworkEndpoint.SECRETS_MANAGER],
  networkAcls: true,
});
const database = new ProxiedPostgres(second, 'Database', {
  profile,
  network,
  engine: PostgresEngine.auroraServerlessV2({ minCapacity: 0.5, maxCapacity: 16, readers: 1 }),
  proxy: PostgresProxy.pooled({ maxConnectionsPercent: 80, borrowTimeout: Duration.seconds(20) }),
  migrations: SqlMigrations.fromDirectory(app.node.getContext('sql'), { extensions: ['vector'] }),
  parameters: { log_min_duration_statement: '1000' },
  backupCopy: BackupCopy.dailyToVault({
    vaultArn: 'arn:aws:backup:eu-central-1:123456789012:backup-vault:theirs', retention: Duration.days(90),
  }),
  alarms: { cpu: { threshold: 70 }, deadlocks: { enabled: false } },
});
database.alarms.connections!.addAlarmAction(new SnsAction(operators));
second.addMetadata('WayIn', database.allowSessionManagerAccess().instanceId);
const reports = userFunction('Reports', second);
database.grantConnect(reports, { role: PostgresRole.READONLY, concurrency: 2, toReaders: true, services: [NetworkEndpoint.SQS] });

const steps = new JobSteps(second, 'Steps', {
  functions: [userFunction('ReadText', second), userFunction('Extract', second), userFunction('Complete', second)],
  onFailure: userFunction('Tell', second),
  timeout: Duration.hours(2),
  maxAttempts: 5,
  alarms: { errors: { threshold: 20 }, duration: { enabled: false } },
});
steps.addAlarmAction(new SnsAction(operators));

const invoices = new JobProcessingPipeline(second, 'Invoices', {
  processor: JobProcessor.runStateMachine(steps.stateMachine, { maxConcurrency: 25 }),
  profile,
  store: JobStore.postgres(database),
  maximumConcurrency: 5,
  api: JobApi.http({
    authentication: ApiAuthentication.apiKeys(),
    keyCaching: Duration.seconds(30),
    submitLimit: SubmitLimit.exact({ perMinute: 60, burst: 10 }),
    cors: { allowOrigins: ['https://app.example.com'] },
  }),
});
second.addMetadata('OpenApi', invoices.toOpenApi());

new JobProcessingPipeline(second, 'Tokens', {
  processor: JobProcessor.inFunction(userFunction('Sign', second)),
  profile: EnvironmentProfile.dev(),
  api: JobApi.http({
    authentication: ApiAuthentication.jwt({ issuer: 'https://login.example.com/', audience: ['jobs'], scopes: ['jobs/submit'] }),
  }),
});

const third = new Stack(app, 'PolyglotOperations');
EnvironmentProfile.staging().applyTo(third);
const operations = new ObservabilityDashboard(third, 'Operations', {
  title: 'Everything',
  defaultRange: Duration.days(1),
  notify: [
    AlarmChannel.email('team@example.com', { severities: [AlarmSeverity.TICKET] }),
    AlarmChannel.https('https://events.example.com/enqueue', { severities: [AlarmSeverity.PAGE] }),
    AlarmChannel.slack({ workspaceId: 'T012ABCDEFG', channelId: 'C012ABCDEFG' }),
  ],
});
const config = new ConfigParameters(third, 'Config', {
  parameters: { model: 'small' }, flags: { 'fast-path': false }, maxAge: Duration.seconds(30), rollbackAlarms: [drawings.alarms.failureRate!],
});
const scan = userFunction('Scan', third);
config.grantRead(scan);
const files = new JobFiles(third, 'Scans', { expiration: Duration.days(60), transferAcceleration: true });

const load = { jobsPerDay: 5_000, jobDuration: Duration.seconds(30), peakFactor: 4 };
const scans = new JobProcessingPipeline(third, 'Scanning', {
  processor: JobProcessor.inFunction(scan),
  bucket: files.bucket,
  maximumConcurrency: 20,
  expectedLoad: load,
  alarms: { failureRate: { severity: AlarmSeverity.TICKET }, backlog: { anomalyBand: 2.5 } },
  deployment: GradualDeployment.canary({
    percent: 20,
    interval: Duration.minutes(15),
    smokeTest: SmokeTest.job({
      payload: { url: 'https://example.com/a.pdf', pages: [1, 2] }, expectedResult: { pages: 2 }, timeout: Duration.minutes(3),
    }),
    notify: operations.ticketTopic,
  }),
});
third.addMetadata('Needs', scans.capacityPlan!.neededConcurrency);
third.addMetadata('Plan', CapacityPlan.of(load, { maximumConcurrency: 10, memory: Size.gibibytes(1) }).toString());
new TraceSampling(third, 'Traces', { pipelines: [scans], percent: 50 });

operations.add(scans, Monitored.fromQueue(new Queue(third, 'Mail'), { title: 'mail', alarms: { oldestMessageAge: { threshold: 600 } } }));
operations.add(Monitored.fromFunction(userFunction('Report', third)), new Importer(third, 'Importer', scans));
const guard = new CostGuard(third, 'Costs', {
  system: 'scans',
  monthlyBudgetDollars: 300,
  actualPercents: [50, 90],
  ticketTopic: operations.ticketTopic,
  pageTopic: operations.pageTopic,
  tagged: [third],
});
operations.add(guard);
CostGuard.tag(scans, { service: 'scans' });

Aspects.of(stack).add(new QueuesAreOwned());

app.synth();
