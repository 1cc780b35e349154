import { isSchema, type Schema, walk, walkWithin } from './schema-parts';
import type { PropRules } from '../internal/prop-rules';

/** The names that the validator has for the draft itself. */
const DRAFTS = ['http://json-schema.org/draft-07/schema', 'http://json-schema.org/schema'];

/** What names of parts are relative to, where the schema has none of its own. */
const NAMELESS = 'schema:///';

/** A part that is judged whenever the one that refers to it, or has it in a choice, is: without going deeper into the payload. */
const IN_PLACE = ['allOf', 'anyOf', 'oneOf'];

/**
 * What references lead to. By a wrong one the function that accepts jobs cannot start, or does not end; a part that has a name (`$id`) is the
 * base of the names and the references within it.
 */
export function checkReferences(rules: PropRules, root: Schema): void {
  new References(rules, root).check();
}

class References {
  /** By their addresses, which end before the fragment. */
  private readonly named = new Map<string, Schema>();

  /** Names that are fragments, such as `#a`, with the address before them. */
  private readonly anchors = new Map<string, Schema>();

  /** Parts, with what their references are relative to. */
  private readonly bases = new Map<Schema, string>();

  constructor(private readonly rules: PropRules, private readonly root: Schema) {}

  check(): void {
    this.named.set(NAMELESS, this.root);
    walkWithin<string>('payloadSchema', this.root, (path, part, around) => this.name(path, part, around), NAMELESS);
    walk('payloadSchema', this.root, (path, part) => this.checkReference(path, part));
  }

  /** Notes the name of a part. @returns what the references in it are relative to */
  private name(path: string, part: Schema, around: string): string {
    const address = typeof part.$id === 'string' && !(part === this.root && part.$id.startsWith('#')) ? resolved(around, part.$id) : undefined;
    const [base, fragment] = split(address ?? around);
    this.bases.set(part, base);
    if (address === undefined || (base === around && fragment === '')) {
      return base;
    }
    const names = fragment === '' ? this.named : this.anchors;
    const name = fragment === '' ? base : address;
    this.rules.check(!names.has(name) && !DRAFTS.includes(base), {
      rule: `${path}.$id must be a name that no other schema has`,
      value: String(part.$id),
      fix: DRAFTS.includes(base) ? 'give the schema a name of its own, or none; the draft that it is written in is said by $schema' : 'give each its own name',
    });
    names.set(name, part);
    return base;
  }

  private checkReference(path: string, part: Schema): void {
    const reference = part.$ref;
    if (typeof reference !== 'string') {
      return;
    }
    const target = this.target(part, reference);
    const within = reference.startsWith('#');
    this.rules.check(target !== undefined, {
      rule: `${path}.$ref must point ${within ? 'to a schema that is there' : 'into the schema itself'}`,
      value: reference,
      fix: within ? this.whereItMayPoint(part) : 'put what it refers to under definitions',
    });
    this.rules.check(!this.leadsBack(part, part, new Set()), {
      rule: `${path}.$ref must not lead back to where it stands`,
      value: reference,
      fix: 'refer to what is meant; a schema may hold itself only deeper in the payload, such as in properties or items',
    });
  }

  private whereItMayPoint(part: Schema): string {
    const base = this.bases.get(part)!;
    return this.named.get(base) === this.root ? "write '#/definitions/' and the name of one of definitions"
      : "write the whole address of the schema meant: within a part that has an $id, '#' is that part";
  }

  /** What a reference leads to; undefined where there is no schema. */
  private target(part: Schema, reference: string): Schema | boolean | undefined {
    const address = resolved(this.bases.get(part)!, reference);
    if (address === undefined) {
      return undefined;
    }
    const [base, fragment] = split(address);
    if (DRAFTS.includes(base) && fragment === '') {
      return true;
    }
    const from = this.named.get(base);
    const found = fragment === '' ? from : fragment.startsWith('/') ? pointed(from, fragment) : this.anchors.get(address);
    return typeof found === 'boolean' || (isSchema(found) && this.bases.has(found)) ? found : undefined;
  }

  /** Whether to judge a part takes judging another one, of the same value. */
  private leadsBack(part: Schema, start: Schema, seen: Set<Schema>): boolean {
    const next = [
      typeof part.$ref === 'string' ? this.target(part, part.$ref) : undefined,
      part.not,
      part.if,
      ...IN_PLACE.flatMap((keyword) => (Array.isArray(part[keyword]) ? part[keyword] as unknown[] : [])),
    ].filter(isSchema);
    return next.some((one) => {
      if (one === start) {
        return true;
      }
      const isNew = !seen.has(one);
      seen.add(one);
      return isNew && this.leadsBack(one, start, seen);
    });
  }
}

/** What a JSON pointer, written as the fragment of an address, points to. */
function pointed(from: unknown, fragment: string): unknown {
  const names = decoded(fragment)?.split('/').slice(1);
  return names?.reduce<unknown>((part, name) => {
    const key = name.replaceAll('~1', '/').replaceAll('~0', '~');
    return typeof part === 'object' && part !== null && Object.hasOwn(part, key) ? (part as Schema)[key] : undefined;
  }, from);
}

/** A whole address; undefined where there can be none. */
function resolved(base: string, address: string): string | undefined {
  return URL.canParse(address, base) && decoded(address) !== undefined ? new URL(address, base).href : undefined;
}

function split(address: string): [base: string, fragment: string] {
  const [base, fragment] = address.split('#', 2);
  return [base, fragment ?? ''];
}

/** Without what is escaped; undefined where that is done wrongly, at which the validator throws. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
