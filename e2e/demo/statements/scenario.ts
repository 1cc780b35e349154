import type { Act } from '../act';

const succeeds = { phase: 'succeeded', attempts: 1 } as const;

/** Days of a month, each with a payment. */
const payments = (month: string, ...cents: number[]) => cents.map((amount, i) => ({ paid_on: `${month}-${String(i + 1).padStart(2, '0')}`, cents: amount }));

const statement = (account: string, month: string, ...cents: number[]) => ({ account, month, payments: payments(month, ...cents) });

export function scenario(): Act[] {
  return [
    { label: 'october', about: 'an ordinary month', payload: statement('acc_1001', '2026-10', 12_50, 40_00, 7_25), expected: succeeds },
    { label: 'november', about: 'the next one', payload: statement('acc_1001', '2026-11', 99_00, 1_00), expected: succeeds },
    { label: 'another', about: 'another account', payload: statement('acc_1002', '2026-10', 500_00), expected: succeeds },
    { label: 'quiet', about: 'nobody has paid', payload: statement('acc_1003', '2026-10'), expected: succeeds },
    {
      label: 'long',
      about: 'a hundred payments, statement and end of the job in one commit',
      payload: { account: 'acc_1004', month: '2026-10', payments: Array.from({ length: 100 }, () => payments('2026-10', 1_00)[0]) },
      expected: succeeds,
    },
    {
      label: 'wrong month',
      about: 'a payment of another month',
      payload: { ...statement('acc_1005', '2026-10'), payments: payments('2026-09', 10_00) },
      expected: { phase: 'failed', attempts: 1, error: 'WrongMonth' },
    },
    { label: 'invalid', about: 'no account', payload: { month: '2026-10', payments: [] }, expected: { phase: 'refused', httpStatus: 400 } },
  ];
}
