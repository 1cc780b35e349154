import { readOptions, Usage } from '../../preview/options';

const EXAMPLES = ['drawing-analysis', 'full-system'];
const read = (...words: string[]) => readOptions(words, EXAMPLES);

it('draws the first example, light and wide, unless told otherwise', () => {
  expect(read()).toEqual({ example: 'drawing-analysis', width: 1400, theme: 'light', state: 'calm', context: {} });
});

it('reads what is asked for', () => {
  expect(read('full-system', '--width', '700', '--theme', 'dark', '--state', 'incident', '-o', 'x.svg', '-c', 'environment=dev', '--dashboard', 'Main'))
    .toEqual({ example: 'full-system', width: 700, theme: 'dark', state: 'incident', out: 'x.svg', dashboard: 'Main', context: { environment: 'dev' } });
});

it.each<[string[], RegExp]>([
  [['other'], /no example "other"/],
  [['drawing-analysis', 'full-system'], /no example "drawing-analysis full-system"/],
  [['--width', '10'], /--width is 320 to 4000 pixels, not "10"/],
  [['--theme', 'red'], /--theme is light or dark/],
  [['--state', 'sad'], /--state is calm or incident/],
  [['-c', 'dev'], /--context is NAME=VALUE/],
  [['--colour'], /--colour/],
  [['other', '--theme', 'red'], /no example.*\n.*--theme/], // all that is wrong at once
])('%j is told what there is', (words, message) => {
  expect(() => read(...words)).toThrow(message);
  expect(() => read(...words)).toThrow(/usage: npm run preview/);
});

it('helps', () => {
  expect(() => read('--help')).toThrow(Usage);
  try {
    read('--help');
  } catch (error) {
    expect((error as Usage).wrong).toBe(false);
  }
});
