/** A name as SQL writes it, whatever is in it. */
export function name(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** A string as SQL writes it, with backslashes as they are (`standard_conforming_strings`). */
export function literal(text: string): string {
  return `'${text.replaceAll('\'', '\'\'')}'`;
}
