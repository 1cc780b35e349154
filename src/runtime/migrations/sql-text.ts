/** A statement of an SQL text. */
export interface Statement {
  /** Where its first token is, in UTF-16 units. */
  readonly start: number;
  /** Where it ends, without the semicolon and what follows it. */
  readonly end: number;
  /** Its first keywords and names that stand without quotes, in lower case; five at most. */
  readonly words: readonly string[];
  /** Only with a `COPY … FROM stdin`: what follows it are rows for psql, and no SQL. */
  readonly fromStdin?: true;
}

/** What PostgreSQL's own lexer would see in a text, as far as it takes to tell statements apart. */
export interface SqlText {
  readonly statements: readonly Statement[];
  /** What was begun and is not closed where the text ends. */
  readonly open?: { readonly what: string; readonly at: number };
  /** The first backslash outside of strings and names, which PostgreSQL never takes: a command of psql. */
  readonly backslash?: number;
}

const WORDS = 5;

const SPACE = /[ \t\n\r\f\v]+/y;
const LINE_COMMENT = /--[^\n\r]*/y;
const COMMENT_EDGE = /\/\*|\*\//g;
/** Literals on lines below each other are one, and the escapes of the first go on. */
const CONTINUED = /(?:[ \t\f\v]|--[^\n\r]*)*[\n\r](?:[ \t\n\r\f\v]|--[^\n\r]*[\n\r])*(?=')/y;
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
const WORD = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;
const NUMBER = /\d[\w.]*/y;

/** Reads a text, with `standard_conforming_strings` on, as it always is since PostgreSQL 9.1 and is kept here. */
export function readSql(text: string): SqlText {
  return new Reader(text).read();
}

class Reader {
  private readonly statements: Statement[] = [];
  private at = 0;
  private open: SqlText['open'];
  private start = -1;
  /** Behind the last token of the statement. */
  private end = 0;
  private words: string[] = [];
  private lastWord = '';
  private fromStdin = false;
  private backslash: number | undefined;
  private parentheses = 0;
  /** How deep we are in the `BEGIN ATOMIC … END` of a function's body, whose semicolons are its own. */
  private blocks = 0;

  constructor(private readonly text: string) {}

  read(): SqlText {
    while (this.at < this.text.length && !this.open) {
      if (!this.skips()) {
        this.takesToken();
      }
    }
    this.endsStatement();
    return { statements: this.statements, ...(this.open && { open: this.open }), ...(this.backslash !== undefined && { backslash: this.backslash }) };
  }

  /** Whether there was a space or a comment, now passed. */
  private skips(): boolean {
    if (this.passes(SPACE) || this.passes(LINE_COMMENT)) {
      return true;
    }
    if (!this.text.startsWith('/*', this.at)) {
      return false;
    }
    let depth = 0;
    COMMENT_EDGE.lastIndex = this.at;
    for (let edge = COMMENT_EDGE.exec(this.text); edge; edge = COMMENT_EDGE.exec(this.text)) {
      depth += edge[0] === '/*' ? 1 : -1;
      if (depth === 0) {
        this.at = COMMENT_EDGE.lastIndex;
        return true;
      }
    }
    this.leftOpen('a comment (/*)');
    return true;
  }

  private takesToken(): void {
    const from = this.at;
    const character = this.text[from];
    if (character === ';' && this.parentheses === 0 && this.blocks === 0) {
      this.endsStatement();
      this.at++;
      return;
    }
    if (this.start < 0) {
      this.start = from;
    }
    switch (character) {
      case '\'': this.takesQuoted('\'', 'a string (\')'); break;
      case '"': this.takesQuoted('"', 'a quoted name (")'); break;
      case '$': this.takesDollar(); break;
      case '(': this.parentheses++; this.at++; break;
      case ')': this.parentheses = Math.max(0, this.parentheses - 1); this.at++; break;
      default: this.takesWord();
    }
    this.end = this.at;
  }

  private takesDollar(): void {
    const from = this.at;
    if (!this.passes(DOLLAR_TAG)) {
      this.at++; // a parameter's
      return;
    }
    const tag = this.text.slice(from, this.at);
    const closing = this.text.indexOf(tag, this.at);
    if (closing < 0) {
      this.leftOpen(`a string (${tag})`, from);
    } else {
      this.at = closing + tag.length;
    }
  }

  private takesWord(): void {
    const from = this.at;
    if (!this.passes(WORD)) {
      if (!this.passes(NUMBER)) {
        this.backslash ??= this.text[from] === '\\' ? from : undefined;
        this.at++;
      }
      return;
    }
    const word = this.text.slice(from, this.at).toLowerCase();
    if (word === 'e' && this.text[this.at] === '\'') {
      this.takesEscapeString();
      return;
    }
    if (this.words.length < WORDS) {
      this.words.push(word);
    }
    this.fromStdin ||= word === 'stdin' && this.lastWord === 'from' && this.words[0] === 'copy' && this.parentheses === 0;
    this.lastWord = word;
    this.countsBlocks(word);
  }

  private takesEscapeString(): void {
    do {
      this.takesQuoted('\'', 'a string (E\')', true);
    } while (!this.open && this.passes(CONTINUED));
  }

  /** As psql does it. */
  private countsBlocks(word: string): void {
    if (this.parentheses > 0 || !isRoutine(this.words)) {
      return;
    }
    if (word === 'begin' || (word === 'case' && this.blocks > 0)) {
      this.blocks++;
    } else if (word === 'end' && this.blocks > 0) {
      this.blocks--;
    }
  }

  private endsStatement(): void {
    if (this.start >= 0) {
      this.statements.push({ start: this.start, end: this.end, words: this.words, ...(this.fromStdin && { fromStdin: true }) });
    }
    [this.start, this.words, this.parentheses, this.blocks, this.fromStdin, this.lastWord] = [-1, [], 0, 0, false, ''];
  }

  private passes(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    if (!pattern.test(this.text)) {
      return false;
    }
    this.at = pattern.lastIndex;
    return true;
  }

  /** A quote that is doubled is one of the text. */
  private takesQuoted(quote: string, what: string, escapes = false): void {
    const from = this.at;
    for (let at = from + 1; at < this.text.length; at++) {
      const character = this.text[at];
      if (escapes && character === '\\') {
        at++;
      } else if (character === quote) {
        if (this.text[at + 1] !== quote) {
          this.at = at + 1;
          return;
        }
        at++;
      }
    }
    this.leftOpen(what, from);
  }

  private leftOpen(what: string, at = this.at): void {
    this.open = { what, at };
    this.at = this.text.length;
  }
}

function isRoutine([create, second, third, fourth]: readonly string[]): boolean {
  const kind = second === 'or' && third === 'replace' ? fourth : second;
  return create === 'create' && (kind === 'function' || kind === 'procedure');
}

/** Counted from 1, in characters as an editor counts them. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** @param offset in UTF-16 units */
export function placeOf(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: [...before.slice(lineStart)].length + 1 };
}

/** PostgreSQL counts characters from 1, JavaScript UTF-16 units from 0. */
export function offsetOf(text: string, position: number): number {
  let offset = 0;
  for (let character = 1; character < position && offset < text.length; character++) {
    offset += text.codePointAt(offset)! > 0xffff ? 2 : 1;
  }
  return offset;
}
