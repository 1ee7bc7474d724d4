/** What a design changes in the base architecture: path and value, as `--set` takes them. */
export type Design = Readonly<Record<string, string>>;

/** Several changes as one; later ones win where they name the same path. */
export function design(...changes: readonly Design[]): Design {
  const all = Object.assign({}, ...changes) as Record<string, string>;
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A design as `--set` overrides. */
export function overrides(changes: Design): readonly string[] {
  return Object.entries(changes).map(([path, value]) => `${path}=${value}`);
}

/** Equal designs have equal names, however they were put together. */
export function designName(changes: Design): string {
  return overrides(design(changes)).join('; ');
}
