/** The keys and list indices that lead to a value in a document. */
export type Path = readonly (string | number)[];

/** A path as errors and `--set` write it: `chip.fixed[0].power`. */
export function pathText(path: Path): string {
  let text = '';
  for (const step of path) {
    text += typeof step === 'number' ? `[${step}]` : text === '' ? step : `.${step}`;
  }
  return text;
}

/** The path that a text such as `chip.fixed[0].power` or `chip.fixed.0.power` spells; undefined when it is none. */
export function parsePath(text: string): Path | undefined {
  const path: (string | number)[] = [];
  for (const part of text.replace(/\[(\d+)\]/g, '.$1').split('.')) {
    if (/^\d{1,9}$/.test(part)) path.push(Number(part));
    else if (/^[A-Za-z_][\w-]*$/.test(part)) path.push(part);
    else return undefined;
  }
  return path;
}

/** The value at a path of a document; undefined where the path leaves it. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}
