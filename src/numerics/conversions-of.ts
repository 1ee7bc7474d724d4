import type { AnalogFormat } from './analog-format.ts';
import type { Arena } from './arena.ts';
import type { Conversions } from './conversions.ts';
import { GatedConversions } from './gated-conversions.ts';
import { PartConversions } from './part-conversions.ts';
import { SliceConversions } from './slice-conversions.ts';
import { TableConversions } from './table-conversions.ts';

/** The conversions of a layer by the route of its format, one after the other for inputs that are sent in parts. */
export function conversionsOf(
  format: AnalogFormat,
  size: { noisy: boolean; rows: number; columns: number; limit: number; high: number },
  shared: Arena,
  scratch: Arena,
): Conversions {
  const { route, digits } = format;
  const parts = format.parts.map((part) => {
    const options = { ...size, integers: route === 'int16' };
    if (route === 'gated')
      return { part, conversions: new GatedConversions(format, part, size, shared, scratch) };
    if (route === 'table')
      return {
        part,
        conversions: new TableConversions(part.slices, part.factor, digits, size, shared, scratch),
      };
    return { part, conversions: new SliceConversions(part.rounds, options, shared, scratch) };
  });
  return parts.length === 1 ? parts[0]!.conversions : new PartConversions(parts, size, scratch);
}
