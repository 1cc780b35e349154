import { parseArgs } from 'node:util';

/** What was asked for on the command line. */
export type Choice =
  | { readonly show: string; readonly keep: boolean }
  /** Text for who asked what there is, or for something that there is not. */
  | { readonly usage: string; readonly wrong: boolean };

/**
 * Reads the words after `npm run demo --`.
 * @param shows what there is by name, the first one for who names none
 */
export function choiceOf(words: readonly string[], shows: Readonly<Record<string, string>>): Choice {
  try {
    const { values: { help, keep }, positionals: [name = Object.keys(shows)[0], ...rest] } = parseArgs({
      args: [...words],
      options: { keep: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
      allowPositionals: true,
    });
    if (help) {
      return { usage: usageOf(shows), wrong: false };
    }
    return Object.hasOwn(shows, name) && rest.length === 0
      ? { show: name, keep }
      : { usage: `there is no demo "${[name, ...rest].join(' ')}"\n\n${usageOf(shows)}`, wrong: true };
  } catch (error) {
    if (!String((error as { readonly code?: unknown }).code).startsWith('ERR_PARSE_ARGS_')) {
      throw error;
    }
    const [unknown = ''] = words.filter((word) => word.startsWith('-') && !['-h', '--help', '--keep'].includes(word));
    return { usage: `there is no option ${unknown}\n\n${usageOf(shows)}`, wrong: true };
  }
}

function usageOf(shows: Readonly<Record<string, string>>): string {
  const names = Object.keys(shows);
  const words = [...names.map((name, i) => [name, `${shows[name]}${i === 0 ? ' (unless another is named)' : ''}`]), ['--keep', 'leaves it running, until Ctrl-C'], ['-h, --help', 'this']];
  const width = Math.max(...words.map(([word]) => word.length));
  return [`usage: npm run demo -- [${names.join(' | ')}] [--keep]`, '', ...words.map(([word, about]) => `  ${word.padEnd(width)}  ${about}`)].join('\n');
}
