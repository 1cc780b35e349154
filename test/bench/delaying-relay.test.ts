import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { DelayingRelay } from '../../bench/delaying-relay';

test('what is sent arrives later and in its order, and its answer without delay', async () => {
  const arrived: string[] = [];
  const server = createServer(socket => socket.on('data', data => {
    arrived.push(data.toString());
    socket.write('answer');
  }));
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const relay = await DelayingRelay.start((server.address() as AddressInfo).port, 60);
  const client = connect(relay.port, '127.0.0.1');
  try {
    await once(client, 'connect');
    const sent = performance.now();
    client.setNoDelay().write('a');
    setTimeout(() => client.write('b'), 10);
    await once(client, 'data');
    expect(performance.now() - sent).toBeGreaterThan(55);
    while (arrived.join('') !== 'ab') await once(client, 'data');
    expect(performance.now() - sent).toBeLessThan(1_000);
  } finally {
    client.destroy();
    await relay.stop();
    await new Promise(done => server.close(done));
  }
});
