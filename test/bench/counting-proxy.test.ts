import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CountingProxy } from '../../bench/counting-proxy';

let server: Server;
let proxy: CountingProxy;

beforeEach(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', chunk => body += chunk).on('end', () => response.writeHead(418, { 'x-answer': 'yes' }).end(`${request.method} ${request.url} ${body}`));
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  proxy = await CountingProxy.start(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
afterEach(async () => {
  await proxy.stop();
  server.closeAllConnections();
  await new Promise(done => server.close(done));
});

test('passes requests and answers on as they are, and remembers the operations', async () => {
  const answer = await fetch(proxy.endpoint, { method: 'POST', body: 'a job', headers: { 'x-amz-target': 'DynamoDB_20120810.PutItem' } });
  expect([answer.status, answer.headers.get('x-answer'), await answer.text()]).toEqual([418, 'yes', 'POST / a job']);
  expect(await (await fetch(`${proxy.endpoint}/some/where?a=1`)).text()).toBe('GET /some/where?a=1 ');
  expect(proxy.calls).toEqual(['PutItem', 'GET /some/where?a=1']);
});

test('breaks the connection when there is nobody behind it', async () => {
  const lonely = await CountingProxy.start('http://127.0.0.1:1');
  await expect(fetch(lonely.endpoint)).rejects.toThrow();
  expect(lonely.calls).toEqual(['GET /']);
  await lonely.stop();
});
