import { type Document, isAlias, isMap, isPair, isScalar, isSeq, type Node } from 'yaml';
import type { Fault } from '../../base/fault.ts';
import type { Path } from './path.ts';

/** Offsets at which a value and its key were written. */
export interface Spot {
  readonly key: number | undefined;
  readonly value: number;
  readonly isCollection: boolean;
}

/** The plain value of a YAML document, and the spot of every path in it (paths as JSON texts). */
export interface Tree {
  readonly value: unknown;
  readonly spots: ReadonlyMap<string, Spot>;
}

/**
 * The tree of a document with aliases copied and merges (`<<`) applied, each with the spots of what it copies.
 * Bounds depth and size, so that aliases of aliases cannot explode; `fault` makes the error for an offset.
 */
export function growTree(
  document: Document.Parsed,
  fault: (offset: number, cause: string, cure: string) => Fault,
): Tree {
  const spots = new Map<string, Spot>();
  let size = 0;

  function grow(node: Node | null | undefined, key: Node | undefined, path: Path, depth: number): unknown {
    const target = resolved(node, depth);
    const offset = target?.range?.[0] ?? key?.range?.[0] ?? 0;
    if (++size > largest)
      throw fault(offset, `more than ${largest} values`, 'aliases count each time they are used');
    if (depth > deepest) throw fault(offset, `nested more than ${deepest} deep`, 'a spec needs far less');
    if (target?.tag !== undefined && !coreTags.includes(target.tag)) {
      throw fault(
        offset,
        `the tag ${target.tag.replace('tag:yaml.org,2002:', '!!')} is not used here`,
        'remove it',
      );
    }
    const isCollection = isMap(target) || isSeq(target);
    spots.set(JSON.stringify(path), { key: key?.range?.[0], value: offset, isCollection });
    if (isMap(target)) return growMap(target.items, path, depth);
    if (isSeq(target)) {
      return target.items.map((item, i) => grow(item as Node, undefined, [...path, i], depth + 1));
    }
    return isScalar(target) ? target.value : null;
  }

  /** Own keys first: what a merge brings yields to them, and an earlier merge to a later one. */
  function growMap(items: readonly unknown[], path: Path, depth: number): Record<string, unknown> {
    const value: Record<string, unknown> = {};
    const merges: Node[] = [];
    for (const item of items) {
      if (!isPair<Node, Node | null>(item)) continue;
      const name = isScalar(item.key) ? String(item.key.value) : '';
      if (name === '<<' && isScalar(item.key) && item.key.type === 'PLAIN') {
        if (item.value !== null) merges.push(item.value);
        continue;
      }
      define(value, name, grow(item.value, item.key, [...path, name], depth + 1));
    }
    for (const merge of merges) {
      const source = resolved(merge, depth);
      const parts = isSeq(source) ? (source.items as Node[]) : [merge];
      for (const part of parts) {
        const map = resolved(part, depth);
        if (!isMap(map))
          throw fault(
            part.range?.[0] ?? 0,
            '<< merges maps only',
            'give it *name of a map, or a list of those',
          );
        if (++size > largest || depth > deepest) {
          throw fault(part.range?.[0] ?? 0, 'merges run too deep', 'a map cannot merge itself');
        }
        const absent = map.items.filter((item) => {
          return isPair(item) && isScalar(item.key) && !Object.hasOwn(value, String(item.key.value));
        });
        for (const [name, merged] of Object.entries(growMap(absent, path, depth + 1)))
          define(value, name, merged);
      }
    }
    return value;
  }

  function resolved(node: Node | null | undefined, depth: number): Node | undefined {
    if (!isAlias(node)) return node ?? undefined;
    const target = node.resolve(document);
    const offset = node.range?.[0] ?? 0;
    if (target === undefined) throw fault(offset, `no anchor &${node.source} before this`, 'define it above');
    return resolved(target, depth);
  }

  return { value: grow(document.contents as Node, undefined, [], 0), spots };
}

const largest = 20_000;
const deepest = 32;
const coreTags = ['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map(
  (name) => `tag:yaml.org,2002:${name}`,
);

/** Sets a property of the value itself even when it is called `__proto__`. */
function define(target: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}
