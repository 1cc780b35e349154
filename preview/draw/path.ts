/**
 * The same path with steps from point to point instead of places on the page, to a tenth of a pixel, and level steps as one: half as long, which
 * is most of a picture's size. It has the commands that d3 writes for straight lines.
 */
export function compact(path: string | null): string {
  let [x, y] = [0, 0];
  let level = 0;
  let before = '';
  const written: string[] = [];
  const write = (name: string, ...values: number[]) => {
    const texts = values.map((value) => String(value / 10).replace(/^(-?)0\./, '$1.'));
    const joined = texts.reduce((all, text) => `${all}${all === '' || text.startsWith('-') ? '' : ' '}${text}`, '');
    written.push(before === name && values.length > 0 ? `${joined.startsWith('-') ? '' : ' '}${joined}` : `${name}${joined}`);
    before = name;
  };
  const flush = () => {
    if (level !== 0) write('h', level);
    level = 0;
  };
  for (const [, command, toX, toY] of (path ?? '').matchAll(/([MLZ])(?:(-?[\d.e-]+),(-?[\d.e-]+))?/g)) {
    const [nextX, nextY] = [Math.round(Number(toX) * 10), Math.round(Number(toY) * 10)];
    const turns = level !== 0 && Math.sign(nextX - x) !== Math.sign(level);
    if (command !== 'L' || nextY !== y || turns) flush();
    if (command === 'Z') write('z');
    else if (command === 'M') write('M', nextX, nextY);
    else if (nextY === y) level += nextX - x;
    else write('l', nextX - x, nextY - y);
    if (command !== 'Z') [x, y] = [nextX, nextY];
  }
  flush();
  return written.join('');
}
