import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, AlarmRule, AlarmState, CompositeAlarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { LambdaDeploymentConfig } from 'aws-cdk-lib/aws-codedeploy';
import { Key } from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { deployedPipeline, deployedWorker, ofType, resourcesOf, the, type Resource } from './support';
import { GradualDeployment } from '../../src/gradual-deployment/gradual-deployment';
import { SmokeTest } from '../../src/gradual-deployment/smoke-test';
import { JobApi } from '../../src/job-api/job-api';
import { JobProcessingPipeline } from '../../src/job-processing-pipeline/job-processing-pipeline';
import { JobProcessor } from '../../src/job-processor/job-processor';
import { QueuedLambdaWorker } from '../../src/queued-lambda-worker/queued-lambda-worker';
import { userFunction } from '../job-processing-pipeline/fixture';

const GROUP = 'AWS::CodeDeploy::DeploymentGroup';

function hookNames({ UpdatePolicy }: Resource) {
  const { BeforeAllowTrafficHook: before, AfterAllowTrafficHook: after } = UpdatePolicy!.CodeDeployLambdaAliasUpdate;
  return [before, after].map((hook) => (hook as { readonly Ref: string } | undefined)?.Ref.replace(/[0-9A-F]{8}$/, ''));
}

/** What the role of CodeDeploy, or of a hook, may do on what, by the statements of its policies. */
function allowed(stack: Stack, policy: RegExp): Record<string, string[]> {
  type Policy = { readonly PolicyDocument: { readonly Statement: { readonly Action: string | string[]; readonly Resource: unknown }[] } };
  const { PolicyDocument } = the(resourcesOf(stack), policy).Properties as Policy;
  const all: Record<string, string[]> = {};
  for (const { Action, Resource } of PolicyDocument.Statement) {
    for (const action of [Action].flat()) {
      all[action] = [...all[action] ?? [], ...[Resource].flat().map((one) => JSON.stringify(one).replace(/[0-9A-F]{8}\b|[0-9a-f]{32}\b/g, ''))];
    }
  }
  return all;
}

describe('a pipeline', () => {
  const { stack, pipeline } = deployedPipeline({ deployment: GradualDeployment.canary({ smokeTest: SmokeTest.job({ payload: { url: 'x' } }) }) });
  const resources = resourcesOf(stack);

  test('has one application with a group for the worker, for submissions and for the status', () => {
    expect(Object.keys(ofType(resources, 'AWS::CodeDeploy::Application'))).toHaveLength(1);
    expect(pipeline.deploymentApplication).toBeDefined();
    const groups = Object.values(ofType(resources, GROUP)).map(({ Properties }) => Properties);
    expect(groups.map(({ DeploymentGroupName: name }) => name)).toEqual(['Worker', 'Submit', 'Status']);
    for (const group of groups) {
      expect(group).toMatchObject({
        ApplicationName: { Ref: expect.stringMatching(/^JobsDeploymentApplication/) },
        DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent10Minutes',
        DeploymentStyle: { DeploymentType: 'BLUE_GREEN', DeploymentOption: 'WITH_TRAFFIC_CONTROL' },
        AutoRollbackConfiguration: { Enabled: true, Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM'] },
      });
    }
  });

  test('has its queue and its callers call aliases', () => {
    const [mapping] = Object.values(ofType(resources, 'AWS::Lambda::EventSourceMapping')).filter(({ Properties }) => Properties.BatchSize === 1);
    expect(JSON.stringify(mapping.Properties.FunctionName)).toMatch(/AnalyseLive.*":live"/);
    const permitted = Object.values(ofType(resources, 'AWS::Lambda::Permission')).map(({ Properties }) => JSON.stringify(Properties.FunctionName));
    expect(permitted.filter((name) => /Submit|Status/.test(name)).every((name) => /Live/.test(name))).toBe(true);
    expect(JSON.stringify(stack.resolve(pipeline.submitFunction.functionArn))).toMatch(/JobsSubmitLive/);
  });

  test('keeps old versions, as there may be a way back, and none whose deployment failed: it could not be deployed again', () => {
    const versions = Object.values(ofType(resources, 'AWS::Lambda::Version'));
    expect(versions.map(({ DeletionPolicy }) => DeletionPolicy)).toEqual(['RetainExceptOnCreate', 'RetainExceptOnCreate', 'RetainExceptOnCreate']);
  });

  test('has every new version checked before traffic, and a job submitted to the worker after it', () => {
    expect(hookNames(the(resources, /^AnalyseLive/))).toEqual(['JobsDeploymentBeforeTraffic', 'JobsDeploymentAfterTraffic']);
    expect(hookNames(the(resources, /^JobsSubmitLive/))).toEqual(['JobsDeploymentBeforeTraffic', undefined]);
    expect(hookNames(the(resources, /^JobsStatusLive/))).toEqual(['JobsDeploymentBeforeTraffic', undefined]);
  });

  test('is deployed only when CodeDeploy may do it: each alias waits for the permissions', () => {
    for (const alias of [/^AnalyseLive/, /^JobsSubmitLive/, /^JobsStatusLive/]) {
      const names = the(resources, alias).DependsOn!.map((id) => id.replace(/[0-9A-F]{8}$/, ''));
      expect(names).toEqual(expect.arrayContaining(['JobsDeploymentRoleDefaultPolicy', 'JobsDeploymentRole', 'JobsDeploymentSeesAlarms']));
    }
  });

  test('is deployed only when hooks and alarms know the new version, and not the one before', () => {
    for (const alias of [/^AnalyseLive/, /^JobsSubmitLive/, /^JobsStatusLive/]) {
      const names = the(resources, alias).DependsOn!.map((id) => id.replace(/[0-9A-F]{8}$/, ''));
      expect(names).toEqual(expect.arrayContaining([
        'JobsDeploymentBeforeTraffic', 'JobsDeploymentAfterTraffic',
        'JobsDeploymentWorkerVersionAlarm', 'JobsDeploymentSubmitVersionAlarm', 'JobsDeploymentStatusVersionAlarm',
      ]));
    }
  });

  test('lets CodeDeploy change these aliases and call these hooks, and nothing else', () => {
    const may = allowed(stack, /^JobsDeploymentRoleDefaultPolicy/);
    expect(Object.keys(may).sort()).toEqual(['lambda:GetAlias', 'lambda:GetProvisionedConcurrencyConfig', 'lambda:InvokeFunction', 'lambda:UpdateAlias']);
    expect(may['lambda:InvokeFunction']).toEqual(['{"Fn::GetAtt":["JobsDeploymentBeforeTraffic","Arn"]}', '{"Fn::GetAtt":["JobsDeploymentAfterTraffic","Arn"]}']);
    expect(may['lambda:UpdateAlias']).toHaveLength(6);
    expect(JSON.stringify(may)).not.toContain('*');
    expect(allowed(stack, /^JobsDeploymentSeesAlarms/)).toEqual({ 'cloudwatch:DescribeAlarms': ['"*"'] });
  });

  test('lets hooks call what they judge, by its version or its alias, and answer', () => {
    const before = allowed(stack, /^JobsDeploymentBeforeTrafficRoleDefaultPolicy/);
    expect(before['lambda:InvokeFunction']).toEqual(['{"Ref":"AnalyseCurrentVersion"}', '{"Ref":"JobsSubmitCurrentVersion"}', '{"Ref":"JobsStatusCurrentVersion"}']
      .map((one) => expect.stringContaining(one.slice(0, -2))));
    expect(before['codedeploy:PutLifecycleEventHookExecutionStatus']).toHaveLength(3);
    const after = allowed(stack, /^JobsDeploymentAfterTrafficRoleDefaultPolicy/);
    expect(after['lambda:InvokeFunction']).toEqual([expect.stringMatching(/JobsSubmit.*:live/), expect.stringMatching(/JobsStatus.*:live/)]);
    expect(after['codedeploy:PutLifecycleEventHookExecutionStatus']).toEqual([expect.stringMatching(/deploymentgroup:.*JobsDeploymentApplication.*\/Worker/)]);
    expect(JSON.stringify([before, after])).not.toContain('*');
  });

  test('has an alarm on the new version alone', () => {
    const { Properties } = the(resources, /^JobsDeploymentWorkerVersionAlarm/) as unknown as { Properties: { Metrics: object[]; Threshold: number } };
    const version = { 'Fn::GetAtt': [expect.stringMatching(/^AnalyseCurrentVersion/), 'Version'] };
    expect(Properties.Threshold).toBe(10);
    expect(Properties.Metrics).toEqual(expect.arrayContaining([
      expect.objectContaining({ Expression: 'IF((errors + FILL(failures, 0)) >= 3, 100 * (errors + FILL(failures, 0)) / invocations, 0)' }),
      expect.objectContaining({
        Id: 'errors',
        MetricStat: expect.objectContaining({
          Metric: expect.objectContaining({ MetricName: 'Errors', Dimensions: expect.arrayContaining([{ Name: 'ExecutedVersion', Value: version }]) }),
        }),
      }),
      expect.objectContaining({
        Id: 'failures',
        MetricStat: expect.objectContaining({
          Metric: {
            Namespace: 'JobWorks',
            MetricName: 'VersionFailures',
            Dimensions: [{ Name: 'Pipeline', Value: 'drawings' }, { Name: 'Version', Value: { 'Fn::Join': ['', [{ Ref: expect.stringMatching(/^Analyse/) }, ':', version]] } }],
          },
        }),
      }),
    ]));
    const group = the(resources, /^JobsDeploymentWorker[0-9A-F]{8}$/);
    expect(group.Properties.AlarmConfiguration).toEqual({ Enabled: true, Alarms: [{ Name: { Ref: expect.stringMatching(/^JobsDeploymentWorkerVersionAlarm/) } }] });
  });

  test('does not count those who are refused against a new version of the API\'s functions', () => {
    const { Metrics: metrics } = the(resources, /^JobsDeploymentSubmitVersionAlarm/).Properties as { Metrics: { Expression?: string }[] };
    expect(metrics.find(({ Expression }) => Expression)!.Expression).toContain('IF(2 * errors >= invocations, errors, 0)');
  });

  test('tells operators the log groups of its hooks, and that of the function behind the alias', () => {
    const { Environment } = the(resources, /^JobsOperate[0-9A-F]{8}$/).Properties as { Environment: { Variables: Record<string, unknown> } };
    const groups = JSON.stringify(Environment.Variables.JOBWORKS_LOG_GROUPS);
    expect(groups).toMatch(/DeploymentBeforeTrafficLogs/);
    expect(groups).toMatch(/Worker\\":\\"",\{"Ref":"AnalyseLogs/);
  });
});

test.each<[string, GradualDeployment, { deploymentConfigName: string }]>([
  ['canary, 5 minutes', GradualDeployment.canary({ interval: Duration.minutes(5) }), LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES],
  ['canary', GradualDeployment.canary(), LambdaDeploymentConfig.CANARY_10PERCENT_10MINUTES],
  ['canary, 15 minutes', GradualDeployment.canary({ interval: Duration.minutes(15) }), LambdaDeploymentConfig.CANARY_10PERCENT_15MINUTES],
  ['canary, 30 minutes', GradualDeployment.canary({ interval: Duration.minutes(30) }), LambdaDeploymentConfig.CANARY_10PERCENT_30MINUTES],
  ['linear, 1 minute', GradualDeployment.linear({ interval: Duration.minutes(1) }), LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_1MINUTE],
  ['linear', GradualDeployment.linear(), LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_2MINUTES],
  ['linear, 3 minutes', GradualDeployment.linear({ interval: Duration.minutes(3) }), LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_3MINUTES],
  ['linear, 10 minutes', GradualDeployment.linear({ interval: Duration.minutes(10) }), LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_10MINUTES],
  ['all at once', GradualDeployment.allAtOnce(), LambdaDeploymentConfig.ALL_AT_ONCE],
])('CodeDeploy\'s own configuration: %s', (_, deployment, { deploymentConfigName }) => {
  const { stack } = deployedWorker({ deployment });
  expect(the(resourcesOf(stack), /^WorkerDeploymentWorker[0-9A-F]{8}$/).Properties.DeploymentConfigName).toBe(deploymentConfigName);
  expect(ofType(resourcesOf(stack), 'AWS::CodeDeploy::DeploymentConfig')).toEqual({});
});

test('any other is made once for a stack', () => {
  const { stack } = deployedPipeline({ deployment: GradualDeployment.linear({ percent: 25, interval: Duration.minutes(7) }) });
  const configs = ofType(resourcesOf(stack), 'AWS::CodeDeploy::DeploymentConfig');
  expect(Object.values(configs).map(({ Properties }) => Properties)).toEqual([{
    ComputePlatform: 'Lambda', TrafficRoutingConfig: { Type: 'TimeBasedLinear', TimeBasedLinear: { LinearPercentage: 25, LinearInterval: 7 } },
  }]);
  const [id] = Object.keys(configs);
  const names = Object.values(ofType(resourcesOf(stack), GROUP)).map(({ Properties }) => Properties.DeploymentConfigName);
  expect(names).toEqual([{ Ref: id }, { Ref: id }, { Ref: id }]);
});

test('a canary of another size is one of two steps', () => {
  const { stack } = deployedWorker({ deployment: GradualDeployment.canary({ percent: 50, interval: Duration.hours(48) }) });
  expect(Object.values(ofType(resourcesOf(stack), 'AWS::CodeDeploy::DeploymentConfig')).map(({ Properties }) => Properties.TrafficRoutingConfig))
    .toEqual([{ Type: 'TimeBasedCanary', TimeBasedCanary: { CanaryPercentage: 50, CanaryInterval: 2880 } }]);
});

describe('who watches', () => {
  test('a topic is told, by the role that deploys, also where it is encrypted', () => {
    const { stack } = deployedWorker();
    const key = new Key(stack, 'TopicKey');
    deployedWorkerIn(stack, GradualDeployment.allAtOnce({ notify: new Topic(stack, 'Topic', { masterKey: key }) }));
    const group = the(resourcesOf(stack), /^OtherDeploymentWorker[0-9A-F]{8}$/);
    expect(group.Properties.TriggerConfigurations).toEqual([{
      TriggerName: 'Notify',
      TriggerEvents: ['DeploymentStart', 'DeploymentSuccess', 'DeploymentFailure', 'DeploymentStop', 'DeploymentRollback'],
      TriggerTargetArn: { Ref: expect.stringMatching(/^Topic/) },
    }]);
    expect(Object.keys(allowed(stack, /^OtherDeploymentRoleDefaultPolicy/))).toEqual(expect.arrayContaining(['sns:Publish', 'kms:Decrypt', 'kms:GenerateDataKey']));
  });

  test('further alarms stand beside that of the version', () => {
    const { stack } = deployedWorker();
    const alarm = new Alarm(stack, 'Mine', { metric: new Metric({ namespace: 'n', metricName: 'm' }), threshold: 1, evaluationPeriods: 1 });
    const composite = new CompositeAlarm(stack, 'Both', { alarmRule: AlarmRule.fromAlarm(alarm, AlarmState.ALARM) });
    deployedWorkerIn(stack, GradualDeployment.canary({ alarms: [alarm, composite] }));
    const { Alarms: alarms } = the(resourcesOf(stack), /^OtherDeploymentWorker[0-9A-F]{8}$/).Properties.AlarmConfiguration as { Alarms: { Name: { Ref: string } }[] };
    expect(alarms.map(({ Name }) => Name.Ref.replace(/[0-9A-F]{8}$/, ''))).toEqual(['OtherDeploymentWorkerVersionAlarm', 'Mine', 'Both']);
  });

  test('nobody, where that is asked for: no alarm is made, and a deployment that fails is rolled back all the same', () => {
    const { stack } = deployedWorker({ deployment: GradualDeployment.canary({ rollbackOnAlarms: false }) });
    expect(Object.keys(resourcesOf(stack)).filter((id) => id.includes('VersionAlarm'))).toEqual([]);
    expect(the(resourcesOf(stack), /^WorkerDeploymentWorker[0-9A-F]{8}$/).Properties).toMatchObject({
      AlarmConfiguration: { Enabled: false }, AutoRollbackConfiguration: { Enabled: true, Events: ['DEPLOYMENT_FAILURE'] },
    });
  });

  test('no alarm of a version, where it has all traffic before one could ring', () => {
    const { stack } = deployedWorker({ deployment: GradualDeployment.allAtOnce() });
    expect(Object.keys(resourcesOf(stack)).filter((id) => id.includes('VersionAlarm'))).toEqual([]);
  });

  test('the limit is that of the construct\'s own alarm', () => {
    const limit = (stack: Stack, id: RegExp) => the(resourcesOf(stack), id).Properties.Threshold;
    expect(limit(deployedPipeline({ alarms: { failureRate: { threshold: 40 } } }).stack, /^JobsDeploymentWorkerVersionAlarm/)).toBe(40);
    expect(limit(deployedWorker({ alarms: { errors: { threshold: 30 } } }).stack, /^WorkerDeploymentWorkerVersionAlarm/)).toBe(30);
    expect(limit(deployedWorker().stack, /^WorkerDeploymentWorkerVersionAlarm/)).toBe(10);
  });
});

describe('hooks of the user\'s own', () => {
  test('take the place of the library\'s for the worker, and may answer CodeDeploy', () => {
    const { stack } = deployedPipeline();
    const own = userFunction(stack, 'Own');
    deployedPipelineIn(stack, GradualDeployment.canary({ beforeTraffic: own, afterTraffic: own }));
    const resources = resourcesOf(stack);
    expect(hookNames(the(resources, /^SecondLive/))).toEqual(['Own', 'Own'].map((name) => expect.stringContaining(name)));
    expect(hookNames(the(resources, /^MoreSubmitLive/))).toEqual(['MoreDeploymentBeforeTraffic', undefined]);
    expect(allowed(stack, /^OwnRoleDefaultPolicy/)['codedeploy:PutLifecycleEventHookExecutionStatus'][0]).toMatch(/\/Worker/);
    expect(JSON.stringify(allowed(stack, /^MoreDeploymentRoleDefaultPolicy/)['lambda:InvokeFunction'])).toContain('Own');
  });
});

describe('a worker without a pipeline', () => {
  test('is called once before traffic, where an event is given', () => {
    const smokeTest = SmokeTest.call({ event: { Records: [] }, expectedAnswer: { batchItemFailures: [] } });
    const resources = resourcesOf(deployedWorker({ deployment: GradualDeployment.canary({ smokeTest }) }).stack);
    expect(hookNames(the(resources, /^WorkerFunctionLive/))).toEqual(['WorkerDeploymentBeforeTraffic', undefined]);
    const { Environment, Timeout } = the(resources, /^WorkerDeploymentBeforeTraffic[0-9A-F]{8}$/).Properties as {
      Environment: { Variables: Record<string, unknown> }; Timeout: number;
    };
    expect(Timeout).toBe(120); // the worker's 30 seconds, and 90 around them
    expect(JSON.stringify(Environment.Variables.JOBWORKS_VERSION_CHECKS)).toContain('\\"event\\":{\\"Records\\":[]},\\"answer\\":{\\"batchItemFailures\\":[]}');
  });

  test('is not, where none is', () => {
    const { stack } = deployedWorker();
    expect(hookNames(the(resourcesOf(stack), /^WorkerFunctionLive/))).toEqual([undefined, undefined]);
    expect(Object.keys(resourcesOf(stack)).filter((id) => id.includes('Traffic'))).toEqual([]);
  });

  test('may be a function of the app\'s, whose alias the queue calls', () => {
    const { stack } = deployedPipeline();
    const fn = userFunction(stack, 'Mine', { timeout: Duration.minutes(15) });
    const worker = deployedWorkerIn(stack, GradualDeployment.canary({ smokeTest: SmokeTest.call({ event: {} }) }), fn);
    expect(worker.function).toBeInstanceOf(lambda.Alias);
    expect(the(resourcesOf(stack), /^OtherDeploymentBeforeTraffic[0-9A-F]{8}$/).Properties.Timeout).toBe(900);
  });
});

test('what stands ready is moved by Lambda, and a warning says so', () => {
  const { stack, app } = deployedPipeline({ api: JobApi.rest({ provisionedConcurrency: 2 }) });
  const resources = resourcesOf(stack);
  expect(Object.values(ofType(resources, GROUP)).map(({ Properties }) => Properties.DeploymentGroupName)).toEqual(['Worker']);
  expect(the(resources, /^JobsSubmitLive/).UpdatePolicy).toBeUndefined();
  expect(the(resources, /^JobsSubmitLive/).Properties.ProvisionedConcurrencyConfig).toEqual({ ProvisionedConcurrentExecutions: 2 });
  const said = app.synth().getStackByName('Stack').messages.map(({ entry: { data } }) => String(data));
  expect(said.filter((text) => text.includes('stand ready'))).toHaveLength(1);
});

test('without a deployment nothing is there', () => {
  const { stack } = deployedPipeline({ deployment: undefined });
  const types = Object.values(resourcesOf(stack)).map(({ Type }) => Type);
  expect(types.filter((type) => /CodeDeploy|Alias|Version$/.test(type) && type !== 'AWS::Lambda::LayerVersion')).toEqual([]);
});

function deployedWorkerIn(stack: Stack, deployment: GradualDeployment, fn?: lambda.Function) {
  return new QueuedLambdaWorker(stack, 'Other', { ...(fn ? { function: fn } : { code: lambda.Code.fromInline('//'), handler: 'index.handler' }), deployment });
}

function deployedPipelineIn(stack: Stack, deployment: GradualDeployment) {
  return new JobProcessingPipeline(stack, 'More', { processor: JobProcessor.inFunction(userFunction(stack, 'Second')), deployment });
}
