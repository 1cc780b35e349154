import { invocationsOf } from '../../bench/invocations';

test('what a function wrote is told apart from what Lambda writes about each invocation', () => {
  const report = (ms: number) => `REPORT RequestId: r\tDuration: ${ms} ms\tBilled Duration: 9 ms\tMemory Size: 512 MB`;
  expect(invocationsOf([
    'START RequestId: r Version: $LATEST', '{"message":"é"}', '12345', 'END RequestId: r', report(7),
    'START RequestId: s Version: $LATEST', 'END RequestId: s', report(1.5),
    'START RequestId: t Version: $LATEST', 'it goes on',
  ])).toEqual([{ bytes: 21, ms: 7 }, { bytes: 0, ms: 1.5 }]);
});
