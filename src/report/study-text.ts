import { percent } from './format.ts';
import type { Study } from './study.ts';

/** A study as a terminal shows it: what was asked of which networks, and a verdict for every claim. */
export function studyText(study: Study, width = 110): string {
  const { networks, provenance, points, statements } = study;
  const measured = networks.map(({ name, images, float, digital }) => {
    const own = points.filter((point) => point.network === name);
    return `${name}: ${own.length} points, ${images} images each; float ${percent(float)}, int8 ${percent(digital)} on them`;
  });
  const fixed = points.filter(({ chance }) => !chance).length;
  const columns = Math.max(...statements.map(({ verdict }) => verdict.length));
  const rows = statements.flatMap(({ id, claim, verdict, measured }) => {
    const indent = ' '.repeat(columns + 7);
    return [
      `${verdict.padEnd(columns)}  ${id.padEnd(3)}  ${wrapped(claim, width - indent.length, indent)}`,
      `${indent}→ ${wrapped(measured, width - indent.length - 2, `${indent}  `)}`,
    ];
  });
  const chips = `${provenance.chips} simulated chips where chance enters, one stands for all where it does not (${fixed} of ${points.length} points)`;
  return [`${study.study}: ${study.paper}`, '', ...measured, chips, '', ...rows].join('\n');
}

function wrapped(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join(`\n${indent}`);
}
