/** A piece of a picture. Only `el` makes one, so that whatever is written into it is escaped. */
export interface Svg {
  readonly markup: string;
}

export type Attributes = Readonly<Record<string, string | number | undefined>>;

const UNSAFE: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\'': '&#39;' };

/** What XML 1.0 has no place for, escaped or not. */
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** An element. Texts among its children are escaped, and so are the values of attributes; what is undefined or empty is left out. */
export function el(name: string, attributes: Attributes, ...children: readonly (Svg | string)[]): Svg {
  const written = Object.entries(attributes).flatMap(([key, value]) => value === undefined || value === '' ? [] : [` ${key}="${escaped(text(value))}"`]).join('');
  const inside = children.map((child) => typeof child === 'string' ? escaped(child) : child.markup).join('');
  return { markup: inside === '' ? `<${name}${written}/>` : `<${name}${written}>${inside}</${name}>` };
}

/** Several pieces, one over the other. */
export function group(...pieces: readonly Svg[]): Svg {
  return { markup: pieces.map(({ markup }) => markup).join('') };
}

/** The same at another place. */
export function at(x: number, y: number, ...pieces: readonly Svg[]): Svg {
  return el('g', { transform: x === 0 && y === 0 ? undefined : `translate(${text(x)} ${text(y)})` }, ...pieces);
}

function text(value: string | number): string {
  return typeof value === 'number' ? String(Math.round(value * 10) / 10) : value;
}

function escaped(value: string): string {
  return value.replace(FORBIDDEN, '\ufffd').replace(/[&<>"']/g, (char) => UNSAFE[char]);
}
