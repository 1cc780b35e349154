import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnOutput, CfnParameter, CfnResource, Stack, aws_lambda as lambda } from 'aws-cdk-lib';
import { deploy } from './deploy';
import { useFixture } from './fixture/fixture';
import { synthFixture } from './fixture/synth';

const fixture = useFixture();

async function deployStacks(build: (app: App) => void, options?: Parameters<typeof deploy>[2]) {
  const outdir = mkdtempSync(join(tmpdir(), 'jobworks-deploy-'));
  try {
    const app = new App({ outdir, analyticsReporting: false });
    build(app);
    app.synth();
    return await deploy(fixture().cloud, outdir, options);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

describe('deploy', () => {
  test('deploys stacks after what they depend on, and gives their outputs', () => {
    expect(fixture().deployment.stacks.map(({ name }) => name)).toEqual(['Fixture', 'ADependent']);
    expect(fixture().deployment.output('Received')).toBe('from the fixture');
    expect(() => fixture().deployment.output('Nothing')).toThrow(/No output Nothing; there are: /);
    expect(() => fixture().deployment.output('Api')).toThrow(/More than one output Api/);
  });

  test('updates a stack that exists: what changed is changed, what did not is kept', async () => {
    const assembly = synthFixture('second');
    const updated = await deploy(fixture().cloud, assembly);
    rmSync(assembly, { recursive: true, force: true });
    expect(updated.output('QueueUrl')).toBe(fixture().deployment.output('QueueUrl'));
    expect(updated.output('ApiId')).toBe(fixture().deployment.output('ApiId'));
    const [delivery] = await fixture().deliveries(await fixture().send(['succeed']), 1);
    expect(delivery.revision).toBe('second');
  });

  test('says which resource failed and why, and creates the stack when it is mended', async () => {
    const stackWith = (code: object) => (app: App) => {
      const stack = new Stack(app, 'Broken');
      new CfnResource(stack, 'Function', {
        type: 'AWS::Lambda::Function',
        properties: { Runtime: 'nodejs24.x', Handler: 'index.handler', Role: 'arn:aws:iam::000000000000:role/none', Code: code },
      });
      new CfnOutput(stack, 'Done', { value: 'yes' });
    };
    // the emulator itself would take this function and answer with a made-up 200
    await expect(deployStacks(stackWith({ S3Bucket: 'none', S3Key: 'none' })))
      .rejects.toThrow(/^Stack Broken: ROLLBACK_COMPLETE\n {2}Function \(AWS::Lambda::Function\): .*no code at .*'none'/);
    expect((await deployStacks(stackWith({ ZipFile: 'exports.handler = async () => 1' }))).output('Done')).toBe('yes');
  });

  test('says so when a type is not known', async () => {
    await expect(deployStacks(app => {
      new CfnResource(new Stack(app, 'Unknown'), 'Thing', { type: 'AWS::Nobody::Knows' });
    })).rejects.toThrow(/Unrecognized resource types: \[AWS::Nobody::Knows\]/);
  });

  test('gives up after its limit', async () => {
    await expect(deployStacks(app => {
      const stack = new Stack(app, 'Slow');
      const handler = new lambda.Function(stack, 'Handler', {
        runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = () => new Promise(() => {})'),
      });
      new CfnResource(stack, 'Never', { type: 'Custom::Never', properties: { ServiceToken: handler.functionArn } });
    }, { limitSeconds: 1 })).rejects.toThrow(/Stack Slow: still CREATE_IN_PROGRESS after 1 s/);
  });

  test('passes parameters, and takes only the stacks it is asked for', async () => {
    const deployment = await deployStacks(app => {
      const chosen = new Stack(app, 'Chosen');
      new CfnOutput(chosen, 'Given', { value: new CfnParameter(chosen, 'Word').valueAsString });
      new CfnResource(new Stack(app, 'Other'), 'Queue', { type: 'AWS::SQS::Queue' });
    }, { stacks: ['Chosen'], parameters: { Chosen: { Word: 'hello' } } });
    expect(deployment.stacks.map(({ name }) => name)).toEqual(['Chosen']);
    expect(deployment.output('Given')).toBe('hello');
    await expect(deployStacks(() => {}, { stacks: ['Nobody'] })).rejects.toThrow('No stack Nobody');
  });
});
