import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { App, Duration, SecretValue, Stack, Tags } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { ConfigParameters } from '../../src/config-parameters/config-parameters';
import type { ConfigParametersProps } from '../../src/config-parameters/config-parameters-props';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { JobProcessingPipeline } from '../../src/job-processing-pipeline/job-processing-pipeline';
import { JobProcessor } from '../../src/job-processor/job-processor';
import { NatGateways } from '../../src/secure-network/nat-gateways';
import { SecureNetwork } from '../../src/secure-network/secure-network';
import { userFunction } from '../job-processing-pipeline/fixture';
import { findingsOf } from '../support/findings';

let app: App;
let stack: Stack;
let fn: lambda.Function;
beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack');
  fn = userFunction(stack, 'Own');
});

const create = (props: ConfigParametersProps = { parameters: { model: 'small' } }, id = 'Config') => new ConfigParameters(stack, id, props);
const everything = (): ConfigParametersProps => ({
  parameters: { model: 'small', prompt: 'x'.repeat(5_000) },
  existingParameters: { theirs: StringParameter.fromStringParameterName(stack, 'Theirs', '/their/parameter') },
  secrets: { provider: new Secret(stack, 'Secret', { encryptionKey: new kms.Key(stack, 'Key', { enableKeyRotation: true }) }) },
  flags: { 'fast-path': true, 'beta': false },
});
const template = () => Template.fromStack(stack);
const own = () => Object.entries(template().findResources('AWS::Lambda::Function')).find(([id]) => id.startsWith('Own'))![1].Properties;
const statements = () => Object.values(template().findResources('AWS::IAM::Policy')).flatMap(({ Properties }) => Properties.PolicyDocument.Statement);

test('parameters are named by stack and construct, free as long as they are small, and may become smaller again', () => {
  create(everything());
  const tier = { Tier: 'Intelligent-Tiering' }; // nothing goes back from Advanced to Standard
  template().hasResourceProperties('AWS::SSM::Parameter', { Name: '/Stack/Config/model', Type: 'String', Value: 'small', ...tier });
  template().hasResourceProperties('AWS::SSM::Parameter', { Name: '/Stack/Config/prompt', ...tier });
});

test('flags are of the type that AppConfig knows, and deployed at once', () => {
  create(everything());
  template().hasResourceProperties('AWS::AppConfig::ConfigurationProfile', { LocationUri: 'hosted', Type: 'AWS.AppConfig.FeatureFlags' });
  template().hasResourceProperties('AWS::AppConfig::Environment', { Name: 'prod', Monitors: Match.absent() });
  const [{ Properties }] = Object.values(template().findResources('AWS::AppConfig::HostedConfigurationVersion'));
  expect(JSON.parse(Properties.Content)).toEqual({
    version: '1',
    flags: { 'fast-path': { name: 'fast-path' }, 'beta': { name: 'beta' } },
    values: { 'fast-path': { enabled: true }, 'beta': { enabled: false } },
  });
  template().hasResourceProperties('AWS::AppConfig::DeploymentStrategy', { GrowthFactor: 100, DeploymentDurationInMinutes: 0, FinalBakeTimeInMinutes: 0 });
  template().resourceCountIs('AWS::AppConfig::Deployment', 1);
});

test('a tag more is no deployment of flags: those that were switched since would go back', () => {
  create(everything());
  Tags.of(app).add('team', 'drawings');
  template().hasResourceProperties('AWS::AppConfig::Environment', { Tags: [{ Key: 'team', Value: 'drawings' }] });
  template().hasResourceProperties('AWS::AppConfig::Deployment', { Tags: Match.absent() });
});

test('with alarms a change is slow, watched and taken back', () => {
  const alarm = new cloudwatch.Alarm(stack, 'Alarm', { metric: fn.metricErrors(), threshold: 1, evaluationPeriods: 1 });
  create({ flags: { beta: false }, rollbackAlarms: [alarm], profile: EnvironmentProfile.staging() });
  template().hasResourceProperties('AWS::AppConfig::Environment', {
    Name: 'staging', Monitors: [{ AlarmArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('Alarm'), 'Arn'] }, AlarmRoleArn: Match.anyValue() }],
  });
  template().hasResourceProperties('AWS::AppConfig::DeploymentStrategy', { GrowthFactor: 20, DeploymentDurationInMinutes: 10, FinalBakeTimeInMinutes: 10 });
});

test('a function gets the layer, the names of everything, and permission for exactly that', () => {
  create(everything()).grantRead(fn);
  expect(own().Layers).toEqual([{ Ref: expect.stringMatching(/^JobWorksConfigLayer/) }]);
  const written = JSON.stringify(own().Environment.Variables.JOBWORKS_CONFIG);
  for (const part of ['/Stack/Config', 'model', 'prompt', '/their/parameter', 'provider', 'fast-path', 'max_age', ':60']) {
    expect(written).toContain(part);
  }
  const allowed = statements().map(({ Action, Resource }) => [Action, JSON.stringify(Resource)]);
  const ssm = allowed.find(([action]) => action === 'ssm:GetParameter')![1];
  expect(ssm).toContain('ConfigParametermodel');
  expect(ssm).toContain(':parameter/their/parameter');
  expect(allowed).toContainEqual(['secretsmanager:GetSecretValue', expect.stringMatching(/^\{"Ref":"Secret/)]);
  expect(allowed).toContainEqual(['kms:Decrypt', expect.stringMatching(/^\{"Fn::GetAtt":\["Key/)]);
  const [, flags] = allowed.find(([action]) => Array.isArray(action) && action.includes('appconfig:GetLatestConfiguration'))!;
  expect(flags).toMatch(/application\/.*ConfigFlagsApplication.*\/environment\/\*\/configuration\/.*ConfigFlagsProfile/);
  expect(allowed.filter(([, resource]) => (resource as string).includes('*') && resource !== flags)).toEqual([]);
});

test('to be granted the same twice changes nothing', () => {
  const config = create();
  config.grantRead(fn);
  config.grantRead(fn);
  expect(own().Layers).toHaveLength(1);
  expect(statements().filter(({ Action }) => Action === 'ssm:GetParameter')).toHaveLength(1);
});

test('a function that runs jobs keeps the layer that runs them, whichever comes first', () => {
  const config = create();
  config.grantRead(fn);
  const other = userFunction(stack, 'OwnOther');
  new JobProcessingPipeline(stack, 'Jobs', { processor: JobProcessor.inFunction(fn) });
  new JobProcessingPipeline(stack, 'More', { processor: JobProcessor.inFunction(other) });
  config.grantRead(other);
  for (const [, { Properties }] of Object.entries(template().findResources('AWS::Lambda::Function')).filter(([id]) => id.startsWith('Own'))) {
    expect(Properties.Layers).toHaveLength(2);
    expect(Properties.Environment.Variables).toHaveProperty('JOBWORKS_CONFIG');
  }
});

test('in a network without a way out, synthesis names what is missing', () => {
  const network = new SecureNetwork(stack, 'Network', { profile: EnvironmentProfile.dev(), natGateways: NatGateways.none() });
  const placed = userFunction(stack, 'Placed', { vpc: network.vpc, vpcSubnets: network.functionSubnets, securityGroups: [network.securityGroupFor(stack, 'Group')] } as never);
  create(everything()).grantRead(placed, { network });
  expect(() => app.synth()).toThrow(/NetworkEndpoint\.SSM, which .*NetworkEndpoint\.SECRETS_MANAGER, which .*NetworkEndpoint\.of\('appconfigdata'\)/);
});

test('a function in a network that nobody names is warned of', () => {
  const network = new SecureNetwork(stack, 'Network', { profile: EnvironmentProfile.dev() });
  const placed = userFunction(stack, 'Placed', { vpc: network.vpc, vpcSubnets: network.functionSubnets, securityGroups: [network.securityGroupFor(stack, 'Group')] } as never);
  create().grantRead(placed);
  Annotations.fromStack(stack).hasWarning('/Stack/Config', Match.stringLikeRegexp('Whether Stack/Placed reaches NetworkEndpoint.SSM from its network cannot be seen here'));
});

test('nobody finds anything in it that has no reason', () => {
  const alarm = new cloudwatch.Alarm(stack, 'Alarm', { metric: fn.metricErrors(), threshold: 1, evaluationPeriods: 1 });
  create({ ...everything(), rollbackAlarms: [alarm] }).grantRead(fn);
  expect(findingsOf(app).filter(({ construct }) => /Config/.test(construct))).toEqual([]);
});

test.each<[string, () => ConfigParametersProps, string]>([
  ['nothing', () => ({}), 'Stack/Config: parameters, existingParameters, secrets or flags must be given: there is nothing to read.'],
  ['a secret for a parameter', () => ({ parameters: { key: SecretValue.secretsManager('x') as never } }),
    'parameters.key must not be a secret: CloudFormation makes no encrypted parameters, and everybody who may read parameters would read it. Fix: give the secret itself in secrets.'],
  ['a secret in its text', () => ({ parameters: { key: SecretValue.secretsManager('x').unsafeUnwrap() } }), 'parameters.key must not be a secret'],
  ['a secret written as a reference', () => ({ parameters: { key: '{{resolve:ssm-secure:x}}' } }), 'parameters.key must not be a secret'],
  ['too much text', () => ({ parameters: { key: 'ä'.repeat(4_097) } }), 'parameters.key must have 1 to 8,192 bytes: Parameter Store takes no other. Given: 8,194. Fix: keep it in a bucket, and its key here.'],
  ['no text', () => ({ parameters: { key: '' } }), 'parameters.key must have 1 to 8,192 bytes: Parameter Store takes no other. Given: 0.'],
  ['braces', () => ({ parameters: { key: 'Dear {{name}}' } }), 'parameters.key must have no {{: Parameter Store takes it for a reference.'],
  ['a number', () => ({ parameters: { pages: 100 as never } }), 'parameters.pages must be a text. Given: 100.'],
  ['a slash in a name', () => ({ parameters: { 'a/b': 'x' } }), 'names in parameters must be 1 to 128 letters, digits and _.-. Given: a/b.'],
  ['a name twice', () => ({ ...everything(), parameters: { theirs: 'x' } }), 'parameters and existingParameters must not both have theirs.'],
  ['capitals in a flag', () => ({ flags: { Fast: true } }), 'names in flags must be a small letter, then up to 63 letters, digits, dashes and underscores. Given: Fast.'],
  ['a text for a flag', () => ({ flags: { fast: 'on' as never } }), "flags.fast must be true or false. Given: 'on'."],
  ['alarms of nothing', () => ({ parameters: { a: 'b' }, rollbackAlarms: [] }), 'rollbackAlarms cannot be given without flags: only their changes are taken back.'],
  ['no age', () => ({ parameters: { a: 'b' }, maxAge: Duration.seconds(0) }), 'maxAge must be from 1 second to 1 day, in whole seconds. Given: 0 seconds. Fix: give 1 second or more (each call would ask for every value).'],
  ['a path without a slash', () => ({ parameters: { a: 'b' }, path: 'drawings' }), 'path must be known before deployment, begin with a slash'],
  ['a path of Amazon\'s', () => ({ parameters: { a: 'b' }, path: '/aws/x' }), 'path must be known before deployment, begin with a slash'],
])('%s is refused', (_what, props, message) => {
  expect(() => create(props())).toThrow(message);
});

test('a function has one configuration, Node.js, and room for the layer', () => {
  const config = create();
  config.grantRead(fn);
  expect(() => create({ flags: { a: true } }, 'Other').grantRead(fn)).toThrow(
    'Stack/Other.grantRead(): 1 rule is broken.\n  1. Stack/Other.grantRead(): fn (Stack/Own) must read one ConfigParameters: its environment names no more. Given: Stack/Config. Fix: put both into one, or use another function.',
  );
  const code = lambda.Code.fromInline('def handler(event, context): pass');
  const python = new lambda.Function(stack, 'Python', { runtime: lambda.Runtime.PYTHON_3_14, handler: 'index.handler', code });
  expect(() => config.grantRead(python)).toThrow('fn (Stack/Python) must run on Node.js, as the layer does. Given: python3.14.');
  const layers = [1, 2, 3, 4, 5].map((id) => lambda.LayerVersion.fromLayerVersionArn(stack, `Layer${id}`, `arn:aws:lambda:eu-west-1:123456789012:layer:x:${id}`));
  const full = userFunction(stack, 'Full');
  full.addLayers(...layers);
  expect(() => config.grantRead(full)).toThrow('fn must have at most 4 layers, so that there is room for the one that reads. Given: 5. Fix: merge two of the layers.');
  expect(() => config.grantRead(lambda.Function.fromFunctionName(stack, 'Imported', 'x') as never)).toThrow('fn must be a lambda.Function');
});

test('what does not fit into an environment is told', () => {
  const names = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`a-name-that-is-as-long-as-it-may-be-${'x'.repeat(70)}-${index}`, 'x']));
  create({ parameters: names }).grantRead(fn);
  expect(() => app.synth()).toThrow(/must take at most 4096 bytes[^]*give fewer or shorter names of parameters, secrets and flags/);
});

describe('the layer', () => {
  const LAYER = join(__dirname, '../../assets/layer-config/nodejs/node_modules');

  test('is found by its name, has what it is said to have, and is small', () => {
    const said = execFileSync(process.execPath, ['-e', "console.log(Object.keys(require('cdk-jobworks/config')).sort().join())"], {
      env: { ...process.env, NODE_PATH: LAYER }, cwd: '/', encoding: 'utf8',
    });
    expect(said.trim()).toBe('ConfigNotGranted,flag,parameter,secret');
    expect(statSync(join(LAYER, 'cdk-jobworks/config.js')).size).toBeLessThan(30 * 1024);
  });

  test('loads no client before somebody asks, and then that of Lambda', () => {
    const source = readFileSync(join(LAYER, 'cdk-jobworks/config.js'), 'utf8');
    expect([...source.matchAll(/require\("(@aws-sdk\/[^"]+)"\)/g)].map(([, name]) => name).sort()).toEqual(
      ['@aws-sdk/client-appconfigdata', '@aws-sdk/client-secrets-manager', '@aws-sdk/client-ssm']);
    const loaded = execFileSync(process.execPath, ['-e', `
      const { Module } = require('node:module'); const load = Module._load; const seen = [];
      Module._load = (name, ...rest) => { if (name.startsWith('@aws-sdk')) seen.push(name); return load(name, ...rest); };
      const { parameter } = require('cdk-jobworks/config'); const before = seen.length;
      parameter('model').catch(() => {}).then(() => console.log(before, seen.join()));
    `], {
      env: {
        ...process.env,
        NODE_PATH: `${LAYER}:${join(__dirname, '../../node_modules')}`,
        AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
        AWS_REGION: 'eu-west-1',
        JOBWORKS_CONFIG: '{"path":"/x","parameters":["model"],"existing":{},"secrets":{},"flag_names":[],"max_age":5}',
        AWS_MAX_ATTEMPTS: '1',
      },
      cwd: '/',
      encoding: 'utf8',
    });
    expect(loaded).toMatch(/^0 @aws-sdk\/client-ssm/);
    expect(loaded).not.toMatch(/client-(secrets|appconfig)/);
  });

  test('is laid over the one of PostgreSQL without hiding it', () => {
    const packages = ['layer-config', 'layer-postgres'].map((layer) => readFileSync(join(LAYER, '../../..', layer, 'nodejs/node_modules/cdk-jobworks/package.json'), 'utf8'));
    expect(packages[0]).toBe(packages[1]);
    expect(JSON.parse(packages[0]!).exports).toMatchObject({ './config': './config.js', './postgres': './postgres.js', './store': './store.js' });
  });
});
