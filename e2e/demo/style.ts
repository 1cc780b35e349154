/** Where text goes: a terminal that can be drawn on, or a file or pipe that keeps every line. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

export interface Style {
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Whether lines already written can be written over. */
export function canRedraw(output: Output, environment: Environment): boolean {
  return output.isTTY === true && environment.TERM !== 'dumb' && !environment.CI;
}

/** Colours on a terminal, unless the reader asked for none (https://no-color.org). */
export function styleFor(output: Output, environment: Environment): Style {
  const colours = output.isTTY === true && environment.TERM !== 'dumb' && !environment.NO_COLOR;
  const paint = (code: number) => (text: string) => (colours && text !== '' ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { dim: paint(2), bold: paint(1), red: paint(31), green: paint(32), yellow: paint(33), cyan: paint(36) };
}

/** Exactly so many columns wide: padded, or cut with an ellipsis. */
export function fit(text: string, width: number): string {
  return cut(text, width).padEnd(width);
}

/** At most so many columns wide. */
export function cut(text: string, width: number): string {
  const flat = text.replace(/\s+/g, ' ');
  return flat.length <= width ? flat : `${flat.slice(0, Math.max(0, width - 1))}…`.slice(0, width);
}

/** Words over as many lines as needed: the first begins with a prefix, the others below its end. */
export function wrap(prefix: string, text: string, width: number): string {
  const lines: string[] = [prefix];
  for (const [i, word] of text.split(' ').entries()) {
    const line = lines.at(-1)!;
    if (i === 0 || line.length + 1 + word.length <= width) {
      lines[lines.length - 1] = i === 0 ? line + word : `${line} ${word}`;
    } else {
      lines.push(' '.repeat(prefix.length) + word);
    }
  }
  return lines.join('\n');
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
