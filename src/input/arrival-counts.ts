import { Fault } from '../base/fault.ts';
import { csvFields, csvRow, decimal, fieldPlace } from './csv-fields.ts';
import { eachCsvLine } from './csv-lines.ts';

/** Most bytes of a file of counts: of a larger one nothing is read. */
const MOST_BYTES = 2 ** 27;
/** Most queries of an interval. */
const MOST = 1e9;

/**
 * Reads how many queries came in each interval: a CSV with the header `count`, one whole number a line. Throws a Fault with line
 * and column for what is wrong.
 */
export async function readArrivalCounts(
  file: string,
): Promise<{ readonly rows: Float64Array; readonly sha256: string }> {
  let rows: Float64Array | undefined;
  let number = 0;
  let total = 0;
  const sha256 = await eachCsvLine(file, MOST_BYTES, (text, line, bytes) => {
    if (rows === undefined) {
      checkHeader(text, file, line);
      // A row has a digit and a line break.
      rows = new Float64Array(new SharedArrayBuffer(8 * Math.ceil(bytes / 2)));
      return;
    }
    const [field] = csvRow(text, ['count'], file, line);
    const count = decimal(field!);
    if (!Number.isInteger(count) || count < 0 || count > MOST) {
      throw new Fault(`count is ${JSON.stringify(field!.trim())}`, {
        cure: `a whole number of queries, 0 to ${MOST.toExponential()}`,
        place: fieldPlace(text, 0, file, line),
      });
    }
    total += count;
    rows[number++] = count;
  });
  if (rows === undefined || total === 0) {
    const problem =
      rows === undefined ? 'is empty' : number === 0 ? 'has a header and no rows' : 'counts no query';
    throw new Fault(problem, {
      cure: 'the header count, then the queries of an interval in each line',
      place: { file },
    });
  }
  return { rows: rows.subarray(0, number), sha256 };
}

function checkHeader(text: string, file: string, line: number): void {
  const names = csvFields(text, file, line);
  if (names.length === 1 && names[0]!.trim() === 'count') return;
  throw new Fault(`the header is ${JSON.stringify(text.trim().slice(0, 60))}`, {
    cure: 'one column: count',
    place: { file, line, column: 1, source: text },
  });
}
