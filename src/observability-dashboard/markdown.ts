/** Text in Markdown, on one line, all of its signs as themselves. What is only known at deployment stays as it is. */
export function plain(text: string): string {
  return oneLine(text).replace(/\$\{Token\[[^\]]*\]\}|[\\`*_[\]<>|#~]/g, (sign) => (sign.length > 1 ? sign : `\\${sign}`));
}

/** Markdown in a cell of a table: what would end the cell or the row does not. */
export function cell(markdown: string): string {
  return oneLine(markdown).replace(/(?<!\\)\|/g, '\\|');
}

/** A link; what would end its address is encoded. */
export function link(text: string, address: string): string {
  return `[${plain(text)}](${address.replace(/[\s()<>|\\]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)})`;
}

function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, ' ').trim();
}
