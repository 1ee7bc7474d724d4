import { join } from 'node:path';
import type { Report } from '../report/report.ts';
import { runHtml } from '../report/run-html.ts';
import { writeTogether } from '../report/write-atomically.ts';

/** Writes the files of a run, which are never of two runs; says which, and how large the one to look at is. */
export async function writeReport(folder: string, json: string, report: Report): Promise<string> {
  // Drawn before anything is written: if that fails, nothing is there.
  const html = await runHtml(report);
  const file = join(folder, 'report.json');
  await writeTogether([
    [file, json],
    [join(folder, 'report.html'), html],
  ]);
  return `${file}; to look at: report.html (${Math.ceil(Buffer.byteLength(html) / 1000)} kB)`;
}
