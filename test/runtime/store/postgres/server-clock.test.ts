import { ServerClock } from '../../../../src/runtime/store/postgres/server-clock';

let own: number;
let clock: ServerClock;

beforeEach(() => {
  own = 1_000_000;
  clock = new ServerClock(() => own);
});

/** An answer that took so long, of a server whose clock is ahead by so much. */
function answer(took: number, ahead: number): void {
  const learn = clock.begin();
  own += took;
  learn(own - took / 2 + ahead);
}

test('is one\'s own before the first answer', () => {
  expect(clock.now()).toBe(own);
});

test('is the server\'s from then on, in whole milliseconds', () => {
  answer(3, 500);
  expect(clock.now()).toBe(own + 500);
  own += 10_000;
  expect(clock.now()).toBe(own + 500);
  expect(Number.isInteger(clock.now())).toBe(true);
});

test('an answer that took long says less than one that did not', () => {
  answer(2, 500);
  answer(1_000, 900);
  expect(clock.now()).toBe(own + 500);
  answer(0, 501);
  expect(clock.now()).toBe(own + 501);
});

test('the older one is, the less it says', () => {
  answer(2, 500);
  own += 3_600_000;
  answer(1_000, 900);
  expect(clock.now()).toBe(own + 900);
});

test('when one\'s own clock was set back, what was learned before says nothing', () => {
  answer(2, 500);
  own -= 3_600_000;
  answer(1_000, 3_600_500);
  expect(clock.now()).toBe(own + 3_600_500);
});

test('an exchange in which it was set says nothing', () => {
  answer(2, 500);
  const learn = clock.begin();
  own -= 50;
  learn(own);
  expect(clock.now()).toBe(own + 500);
});

test('a process that stood still while an answer was on its way learns nothing from it', () => {
  answer(600_000, 0);
  expect(clock.now()).toBe(own);
  const learn = clock.begin();
  own += 2_002;
  learn(own);
  expect(clock.now()).toBe(own);
  answer(2, 500);
  own += 86_400_000; // of which nothing is known any more
  answer(600_000, 0);
  expect(clock.now()).toBe(own + 500);
});
