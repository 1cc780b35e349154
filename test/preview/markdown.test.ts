import { parseMarkdown, parseRuns } from '../../preview/draw/markdown/parse';

describe('blocks', () => {
  it('are told apart', () => {
    const kinds = parseMarkdown('# One\ntext\ngoes on\n\n- a\n  - b\n1. c\n---\n```\nx | y\n```\n| h | i |\n|---|:-:|\n| 1 | 2 |\n').map((block) => block.kind);
    expect(kinds).toEqual(['heading', 'paragraph', 'item', 'item', 'item', 'rule', 'code', 'table']);
  });

  it('of a table are cells, in which a bar may be escaped', () => {
    const [table] = parseMarkdown('| a | b |\n| --- | --- |\n| 1 \\| 2 | **3** |');
    expect(table).toMatchObject({ head: [[{ text: 'a' }], [{ text: 'b' }]], rows: [[expect.anything(), [{ text: '3', bold: true }]]] });
    expect(table.kind === 'table' && table.rows[0][0].map(({ text }) => text).join('')).toBe('1 | 2');
  });

  it('of a list have their depth', () => {
    expect(parseMarkdown('- a\n  - b')).toMatchObject([{ depth: 0, mark: '•' }, { depth: 1 }]);
  });
});

it.each<[string, unknown]>([
  ['a **b** c', [{ text: 'a ' }, { text: 'b', bold: true }, { text: ' c' }]],
  ['*a* and _b_, not snake_case_name', [{ text: 'a', italic: true }, { text: ' and ' }, { text: 'b', italic: true }, { text: ', not snake_case_name' }]],
  ['`a*b*`', [{ text: 'a*b*', code: true }]],
  ['[**a**](https://x)', [{ text: 'a', bold: true, link: 'https://x' }]],
  ['[button:Go](https://x)', [{ text: 'Go', button: true, link: 'https://x' }]],
  ['\\*a\\* &lt;', [{ text: '*' }, { text: 'a' }, { text: '*' }, { text: ' ' }, { text: '<' }]],
])('%s', (text, runs) => {
  expect(parseRuns(text)).toEqual(runs);
});
