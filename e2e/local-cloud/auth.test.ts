import { Sha256 } from '@aws-crypto/sha256-js';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import { useFixture } from './fixture/fixture';
import { QUEUE_VISIBILITY_SECONDS } from './fixture/stack';

/** With `auth` the emulator enforces what a role may do. */
const fixture = useFixture({ auth: true });

test('a handler can do what its role allows, over queues that enforce TLS', async () => {
  const [first] = await fixture().deliveries(await fixture().send([['hide-and-fail', 1]]), 1);
  expect(first.receives).toBe(1);
});

test('who may change one message may change a batch', async () => {
  const [first, second] = await fixture().deliveries(await fixture().send([['hide-batch-and-fail', 1], 'succeed']), 2);
  expect(second.at - first.at).toBeLessThan((QUEUE_VISIBILITY_SECONDS - 0.5) * 1000);
});

test('a handler cannot do what its role does not allow', async () => {
  const id = await fixture().send(['forbidden']);
  await fixture().deliveries(id, 1);
  await fixture().deliveries(id, 2); // it threw, so the message came again; the table is still there to say so
  expect(fixture().cloud.logTail(2000)).toMatch(/AccessDeniedException[^]*dynamodb:DeleteTable/);
});

describe('a signed method', () => {
  const path = () => `/_aws/execute-api/${fixture().deployment.output('ApiId')}/v1/signed`;

  test('answers the account itself and tells the function who called', async () => {
    const { status, body } = await get({ accessKeyId: 'test', secretAccessKey: 'test' });
    expect(status).toBe(202);
    expect(body).toMatchObject({ identity: { accountId: fixture().cloud.account, userArn: expect.stringContaining(':root') } });
  });

  test('refuses a role without permission to invoke it', async () => {
    const { Credentials } = await new STSClient(fixture().cloud.clientConfig).send(new AssumeRoleCommand({
      RoleArn: fixture().deployment.output('CallerArn'), RoleSessionName: 'somebody',
    }));
    const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials!;
    const { status } = await get({ accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken });
    expect(status).toBe(403);
  });

  test('refuses who does not sign', async () => {
    expect((await fetch(fixture().cloud.endpoint + path())).status).toBe(404); // the unauthenticated answer, mapped by the fixture
  });

  async function get(credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) {
    const { hostname, port } = new URL(fixture().cloud.endpoint);
    const signer = new SignatureV4({ credentials, region: fixture().cloud.region, service: 'execute-api', sha256: Sha256 });
    const request = new HttpRequest({ method: 'GET', protocol: 'http:', hostname, port: Number(port), path: path(), headers: { host: `${hostname}:${port}` } });
    const { headers } = await signer.sign(request);
    const response = await fetch(fixture().cloud.endpoint + path(), { headers });
    return { status: response.status, body: await response.json() as Record<string, unknown> };
  }
});
