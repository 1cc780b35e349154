import { parseArgs } from 'node:util';
import type { State } from './data/world';
import type { ThemeName } from './draw/theme';

/** What was asked for on the command line. */
export interface Options {
  readonly example: string;
  readonly width: number;
  readonly theme: ThemeName;
  readonly state: State;
  /** Where the picture goes. */
  readonly out?: string;
  /** Of several dashboards of an app. */
  readonly dashboard?: string;
  /** Of the app, as `cdk synth -c` takes it. */
  readonly context: Readonly<Record<string, string>>;
}

/** Words that ask for something that there is not, or for help. */
export class Usage extends Error {
  readonly name = 'Usage';

  constructor(message: string, readonly wrong = true) {
    super(message);
  }
}

const DEFAULT_EXAMPLE = 'drawing-analysis';
const DEFAULT_WIDTH = 1400;
const NARROWEST = 320;
const WIDEST = 4000;
const THEMES: readonly ThemeName[] = ['light', 'dark'];
const STATES: readonly State[] = ['calm', 'incident'];

/**
 * Reads the words after `npm run preview --`.
 *
 * @param examples there are
 * @throws Usage with all that is wrong, and what there is
 */
export function readOptions(words: readonly string[], examples: readonly string[]): Options {
  const { values, positionals: [example = DEFAULT_EXAMPLE, ...rest] } = parsed(words, examples);
  if (values.help) throw new Usage(usage(examples), false);
  const { width = String(DEFAULT_WIDTH), theme = 'light', state = 'calm', context = [] } = values;
  const wrong = [
    ...(examples.includes(example) && rest.length === 0 ? [] : [`there is no example "${[example, ...rest].join(' ')}"`]),
    ...(/^\d+$/.test(width) && Number(width) >= NARROWEST && Number(width) <= WIDEST ? [] : [`--width is ${NARROWEST} to ${WIDEST} pixels, not "${width}"`]),
    ...(isOneOf(THEMES, theme) ? [] : [`--theme is ${THEMES.join(' or ')}, not "${theme}"`]),
    ...(isOneOf(STATES, state) ? [] : [`--state is ${STATES.join(' or ')}, not "${state}"`]),
    ...context.filter((pair) => !/^[^=]+=/.test(pair)).map((pair) => `--context is NAME=VALUE, not "${pair}"`),
  ];
  if (wrong.length > 0) throw new Usage(`${wrong.join('\n')}\n\n${usage(examples)}`);
  return {
    example,
    width: Number(width),
    theme: theme as ThemeName,
    state: state as State,
    out: values.out,
    dashboard: values.dashboard,
    context: Object.fromEntries(context.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)])),
  };
}

function parsed(words: readonly string[], examples: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        width: { type: 'string' },
        theme: { type: 'string' },
        state: { type: 'string' },
        out: { type: 'string', short: 'o' },
        dashboard: { type: 'string' },
        context: { type: 'string', short: 'c', multiple: true },
        help: { type: 'boolean', short: 'h' },
      },
      allowPositionals: true,
    });
  } catch (error) {
    throw new Usage(`${(error as Error).message}\n\n${usage(examples)}`);
  }
}

function isOneOf<Word extends string>(words: readonly Word[], word: string): word is Word {
  return (words as readonly string[]).includes(word);
}

function usage(examples: readonly string[]): string {
  return [
    `usage: npm run preview -- [${examples.join(' | ')}] [options]`,
    '',
    `  --width PIXELS        of the window, ${DEFAULT_WIDTH} unless given; below 768 widgets stand in one column`,
    `  --theme ${THEMES.join('|')}`,
    `  --state ${STATES.join('|')}  what the sample data tell`,
    '  --dashboard NAME      of several dashboards of an app, the first one unless given',
    '  -c, --context N=V     context of the app, as with cdk synth',
    '  -o, --out FILE        where the picture goes, .cache/preview/ unless given',
    '  -h, --help            this',
  ].join('\n');
}
