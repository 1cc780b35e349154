/** Text of one kind, within a line. */
export interface Run {
  readonly text: string;
  readonly bold?: boolean;
  readonly italic?: boolean;
  readonly code?: boolean;
  readonly link?: string;
  /** CloudWatch draws some links as buttons: `[button:Name](https://…)`. */
  readonly button?: boolean;
}

export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly runs: readonly Run[] }
  | { readonly kind: 'paragraph'; readonly runs: readonly Run[] }
  | { readonly kind: 'item'; readonly depth: number; readonly mark: string; readonly runs: readonly Run[] }
  | { readonly kind: 'code'; readonly lines: readonly string[] }
  | { readonly kind: 'table'; readonly head: readonly (readonly Run[])[]; readonly rows: readonly (readonly (readonly Run[])[])[] }
  | { readonly kind: 'rule' };

const FENCE = /^\s*```/;
const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;
const ITEM = /^(\s*)([-*+]|\d+[.)])\s+(.*)$/;
const RULE = /^\s*([-*_])(?:\s*\1){2,}\s*$/;
const TABLE_LINE = /^\s*\|.*\|\s*$/;
const DIVIDER = /^\s*\|?(?:\s*:?-+:?\s*\|)+\s*(?::?-+:?\s*\|?)?\s*$/;

/** The part of Markdown that text widgets are written in. */
export function parseMarkdown(markdown: string): Block[] {
  const lines = markdown.replace(/\r\n?/g, '\n').split('\n');
  const blocks: Block[] = [];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    const [, hashes, title] = HEADING.exec(line) ?? [];
    const [, indent, mark, item] = ITEM.exec(line) ?? [];
    if (line.trim() === '') continue;
    if (FENCE.test(line)) {
      const end = lines.findIndex((other, at) => at > i && FENCE.test(other));
      blocks.push({ kind: 'code', lines: lines.slice(i + 1, end < 0 ? undefined : end) });
      i = end < 0 ? lines.length : end;
    } else if (hashes) {
      blocks.push({ kind: 'heading', level: hashes.length, runs: parseRuns(title) });
    } else if (RULE.test(line)) {
      blocks.push({ kind: 'rule' });
    } else if (TABLE_LINE.test(line) && DIVIDER.test(lines[i + 1] ?? '')) {
      let end = i + 2;
      while (TABLE_LINE.test(lines[end] ?? '')) end++;
      blocks.push({ kind: 'table', head: cells(line), rows: lines.slice(i + 2, end).map(cells) });
      i = end - 1;
    } else if (mark) {
      blocks.push({ kind: 'item', depth: Math.floor(indent.length / 2), mark: /\d/.test(mark) ? mark : '•', runs: parseRuns(item) });
    } else {
      let end = i + 1;
      while (end < lines.length && lines[end].trim() !== '' && ![FENCE, HEADING, ITEM, RULE, TABLE_LINE].some((other) => other.test(lines[end]))) end++;
      blocks.push({ kind: 'paragraph', runs: parseRuns(lines.slice(i, end).map((part) => part.trim()).join(' ')) });
      i = end - 1;
    }
  }
  return blocks;
}

function cells(line: string): Run[][] {
  const inner = line.trim().replace(/^\|/, '').replace(/\|$/, '');
  return inner.split(/(?<!\\)\|/).map((cell) => parseRuns(cell.trim()));
}

const INLINE = /\\([\\`*_{}[\]()#+\-.!|<>~$&])|`([^`]+)`|\[((?:[^[\]\\]|\\.)+)\]\(([^()\s]*)\)|(\*\*|__)(?=\S)(.+?)\5|(?<![\w*])([*_])(?=\S)(.+?)\7(?!\w)|<br\s*\/?>|&(lt|gt|amp|quot|#39);/;
const ENTITIES: Readonly<Record<string, string>> = { 'lt': '<', 'gt': '>', 'amp': '&', 'quot': '"', '#39': '\'' };

/** What stands within a line, in its order. */
export function parseRuns(text: string, style: Omit<Run, 'text'> = {}): Run[] {
  const found = INLINE.exec(text);
  if (!found) return text === '' ? [] : [{ ...style, text }];
  const [whole, escaped, code, link, address, , strong, , emphasis, entity] = found;
  const before = text.slice(0, found.index);
  const button = /^button:(?:primary:)?(.*)$/.exec(link ?? '');
  const inner: Run[] = escaped !== undefined ? [{ ...style, text: escaped }]
    : code !== undefined ? [{ ...style, code: true, text: code }]
      : button ? [{ ...style, button: true, link: address, text: button[1] }]
        : link !== undefined ? parseRuns(link, { ...style, link: address })
          : strong !== undefined ? parseRuns(strong, { ...style, bold: true })
            : emphasis !== undefined ? parseRuns(emphasis, { ...style, italic: true })
              : [{ ...style, text: entity ? ENTITIES[entity] : ' ' }];
  return [...(before ? [{ ...style, text: before }] : []), ...inner, ...parseRuns(text.slice(found.index + whole.length), style)];
}
