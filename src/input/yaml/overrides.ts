import { parseDocument } from 'yaml';
import { Fault, nearestName, type Place } from '../../base/fault.ts';
import { foundText } from '../../base/quantity.ts';
import { type Path, parsePath, pathText, valueAt } from './path.ts';
import { keysOf, nodeAt, type SchemaNode } from './schema-map.ts';
import { growTree } from './tree.ts';

/** One `--set path=value`: it replaces what the file says there, before the schema reads it. */
export interface Override {
  readonly path: Path;
  readonly value: unknown;
  /** The flag as it was given. */
  readonly flag: string;
}

/** The override that a text such as `analogCore.adcBank.adc.bits=6` asks for; the value is one line of YAML. */
export function parseOverride(text: string): Override {
  const flag = `--set ${text.length > 100 ? `${text.slice(0, 97)}…` : text}`;
  const place: Place = { file: flag };
  const equals = text.indexOf('=');
  if (equals < 0) throw new Fault('has no =', { cure: 'write --set path=value', place });
  const path = parsePath(text.slice(0, equals).trim());
  if (path === undefined || path.length > 32) {
    throw new Fault('the path cannot be read', { cure: 'such as chip.tiles or chip.fixed[0].power', place });
  }
  const written = text.slice(equals + 1).trim();
  if (written === '') throw new Fault('has no value', { cure: 'write --set path=value', place });
  if (written.length > 4000) throw new Fault('the value is too long', { cure: 'put it in the file', place });
  const document = parseDocument(written, { schema: 'core', stringKeys: true, prettyErrors: false });
  if (document.errors.length + document.warnings.length > 0 || document.contents === null) {
    throw new Fault('the value is not YAML', { cure: 'a number, a text or a flow list or map', place });
  }
  const { value } = growTree(document, (_, cause, cure) => new Fault(cause, { cure, place }));
  return { path, value, flag };
}

/**
 * Puts an override into the values that a file gave; sections that the schema knows and the file leaves out are
 * made. Throws a Fault when the path leads nowhere.
 */
export function applyOverride(root: unknown, override: Override, schema: SchemaNode): void {
  const place: Place = { file: override.flag };
  const last = override.path.length - 1;
  for (const [i, step] of override.path.entries()) {
    const parentPath = override.path.slice(0, i);
    const parent = valueAt(root, parentPath);
    const where = pathText(parentPath) || 'the spec';
    if (Array.isArray(parent)) {
      if (typeof step !== 'number' || step >= parent.length) {
        const cure =
          parent.length === 0 ? 'set the whole list' : `use an index from 0 to ${parent.length - 1}`;
        throw new Fault(`${where} has no entry ${step}`, { cure, place });
      }
    } else if (typeof parent === 'object' && parent !== null) {
      const known = [
        ...new Set([...keysOf(nodeAt(schema, root, parentPath), parent), ...Object.keys(parent)]),
      ];
      if (!known.includes(String(step))) {
        const isParameter = i === 0 && valueAt(root, ['parameters', step]) !== undefined;
        throw unknownStep(String(step), where, known, place, isParameter ? `parameters.${step}` : undefined);
      }
    } else {
      throw new Fault(`${where} is ${foundText(parent)}`, { cure: 'nothing lies below it', place });
    }
    const holder = parent as Record<string | number, unknown>;
    if (i === last) holder[step] = override.value;
    else if (holder[step] === undefined || holder[step] === null) holder[step] = {};
  }
}

function unknownStep(
  step: string,
  where: string,
  known: readonly string[],
  place: Place,
  near = nearestName(step, known),
): Fault {
  return new Fault(`${where} has no key ${step}`, {
    cure: `${near === undefined ? '' : `did you mean ${near}? `}known: ${known.join(', ') || 'none'}`,
    place,
  });
}
