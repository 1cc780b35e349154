import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { leanSdk, withErrorsOf, withPureSchemas } from '../../projenrc/tools/bundle/lean-sdk';

const folder = mkdtempSync(join(tmpdir(), 'jobworks-lean-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('errors of a service', () => {
  const schemas = ['ThingMissing', 'Conflict', 'ServiceException']
    .map(name => `export var ${name}$ = [-3, n0, _T,\n    { [_e]: _c },\n    [_m],\n    [0]\n];\nn0_registry.registerError(${name}$, ${name});\n`).join('');
  const classes = 'export class ThingMissing extends __BaseException {\n  name = "ThingMissing";\n}\nexport class Conflict extends __BaseException {\n  $retryable = {};\n}\n';
  const registered = (ours: string) => [...withErrorsOf(schemas, classes, ours).matchAll(/registerError\((\w+)\$/g)].map(([, name]) => name);

  test('are known where our sources name them, or their class has something to say; the base class always', () => {
    expect(registered('')).toEqual(['Conflict', 'ServiceException']);
    expect(registered('if (error instanceof ThingMissing)')).toEqual(['ThingMissing', 'Conflict', 'ServiceException']);
    expect(registered('NothingMissing, ThingMissingToo')).toEqual(['Conflict', 'ServiceException']);
  });
});

test('schemas with computed properties may be left out, and others are as they were', () => {
  expect(withPureSchemas('export var A$ = [3, n0,\n  { [_h]: 1 }\n];\nvar b = [0, { [_s]: 1 }, 42];\nexport var C$ = [1, 2];\n'))
    .toBe('export var A$ = /* @__PURE__ */ (() => [3, n0,\n  { [_h]: 1 }\n])();\nvar b = /* @__PURE__ */ (() => [0, { [_s]: 1 }, 42])();\nexport var C$ = [1, 2];\n');
});

describe('what a function sees of a call that fails', () => {
  const asked: string[] = [];
  let server: Server;
  beforeAll(async () => {
    server = createServer((request, response) => {
      const [, name] = /AWS4-HMAC-SHA256 Credential=(\w+)\//.exec(request.headers.authorization ?? '') ?? [];
      asked.push(name);
      response.writeHead(400, { 'Content-Type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: 'as it is', Item: { job_id: { S: 'a' } } }));
    });
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  });
  afterAll(() => server.close());

  const SOURCE = `
    import { ConditionalCheckFailedException, DynamoDBClient, DynamoDBServiceException, PutItemCommand } from '@aws-sdk/client-dynamodb';
    const client = new DynamoDBClient({ maxAttempts: 2 });
    client.send(new PutItemCommand({ TableName: 'jobs', Item: {} })).catch(error => console.log(JSON.stringify({
      name: error.name, message: error.message, fault: error.$fault, status: error.$metadata.httpStatusCode, attempts: error.$metadata.attempts,
      text: String(error), isOfService: error instanceof DynamoDBServiceException, isCondition: error instanceof ConditionalCheckFailedException, Item: error.Item,
    })));`;

  /** @param name of the error, which the server reads off the credentials */
  async function seen(lean: boolean, name: string): Promise<{ bytes: number; error: object }> {
    const outfile = join(folder, `${lean}.cjs`);
    const { metafile } = await build({
      stdin: { contents: SOURCE, resolveDir: __dirname },
      outfile,
      bundle: true,
      minify: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      mainFields: ['module', 'main'],
      metafile: true,
      tsconfigRaw: {},
      plugins: lean ? [leanSdk()] : [],
    });
    const { stdout } = await promisify(execFile)(process.execPath, [outfile], {
      env: {
        PATH: process.env.PATH,
        AWS_REGION: 'us-east-1',
        AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        AWS_ACCESS_KEY_ID: name,
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      },
    });
    return { bytes: Object.values(metafile.outputs)[0].bytes, error: JSON.parse(stdout) as object };
  }

  test.each([
    'ConditionalCheckFailedException', // by which a write knows that it does not hold
    'ItemCollectionSizeLimitExceededException', // which nobody asks for by its class
    'ThrottlingException', // which is sent again
  ])('%s is the same as with the whole SDK', async name => {
    const whole = await seen(false, name);
    const callsOfWhole = asked.splice(0).length;
    const lean = await seen(true, name);
    expect(lean.error).toEqual(whole.error);
    expect(lean.error).toMatchObject({ name, message: 'as it is', isOfService: true, isCondition: name === 'ConditionalCheckFailedException' });
    expect(asked.splice(0)).toHaveLength(callsOfWhole);
    expect(lean.bytes).toBeLessThan(whole.bytes - 10_000);
  }, 30_000);
});
