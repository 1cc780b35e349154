import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { structKind, type KindsOf, type ValueKind } from './value-kinds';

/**
 * Warns of props that there are not, also inside others: types refuse them, and JavaScript lets a misspelt name pass without any effect. Only a
 * warning, as an app may hand on more than the construct takes. Not to be asked of a class that extends the construct, which often has props
 * of its own.
 */
export function warnOfUnknownProps<T extends object>(scope: Construct, id: string, props: T, kinds: KindsOf<T>): void {
  warnOfUnknownParts(scope, id, '', props, structKind('', kinds));
}

/**
 * The same of one prop, and what is inside it.
 *
 * @param path its name
 */
export function warnOfUnknownParts(scope: Construct, id: string, path: string, value: unknown, kind: ValueKind): void {
  const told = unknownIn(path, value, kind);
  if (told.length > 0) {
    Annotations.of(scope).addWarningV2(id, told.join(' '));
  }
}

function unknownIn(path: string, value: unknown, kind: ValueKind): string[] {
  if (value === undefined || !kind.is(value)) {
    return [];
  }
  const { names } = kind;
  const at = (name: string) => (path === '' ? name : `${path}.${name}`);
  const given = Object.entries(value as object).filter(([, one]) => one !== undefined).map(([name]) => name);
  const unknown = names ? given.filter((name) => !names.includes(name)).map(at) : [];
  return [
    ...(unknown.length > 0 ? [`There is no prop ${unknown.join(', ')}: it has no effect. The props ${path === '' ? '' : `of ${path} `}are ${names!.join(', ')}.`] : []),
    ...(kind.parts?.(value as object) ?? []).flatMap(([name, inner, of]) => unknownIn(path === '' ? name.replace(/^\./, '') : `${path}${name}`, inner, of)),
  ];
}
