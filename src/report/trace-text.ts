/** One event of the Trace Event Format as JSON text. Times are given in ticks of 1 ps. */
export type TraceEventText = string;

/** Ticks as the decimal µs of the format, exactly. */
export function microseconds(ticks: number): string {
  const whole = Math.floor(ticks / TICKS);
  const rest = ticks - whole * TICKS;
  return rest === 0 ? String(whole) : `${whole}.${String(rest).padStart(6, '0').replace(/0+$/, '')}`;
}

/**
 * A complete event. Perfetto rounds ts and dur to ns one by one and drops a slice that begins before the one before it
 * ends, others add the two as doubles: where either would reach beyond the true end, `dur` gives way by less than 1 ns and
 * the true duration is told beside it.
 */
export function sliceText(
  name: string,
  category: string,
  start: number,
  end: number,
  pid: number,
  tid: number,
  args: object,
): TraceEventText {
  const ts = microseconds(start);
  const dur = fittingDuration(ts, end - start, microseconds(end));
  const told = dur === microseconds(end - start) ? args : { ...args, duration_ps: end - start };
  return `{"ph":"X","name":${JSON.stringify(name)},"cat":"${category}","ts":${ts},"dur":${dur},"pid":${pid},"tid":${tid},"args":${JSON.stringify(told)}}`;
}

function fittingDuration(ts: string, duration: number, end: string): string {
  let dur = microseconds(duration);
  const room = nanoseconds(end) - nanoseconds(ts);
  if (nanoseconds(dur) > room) dur = microseconds(room * 1000 + LESS_THAN_HALF);
  if (Number(ts) + Number(dur) <= Number(end)) return dur;
  // Less than the last digit of a tick.
  const [whole, rest = ''] = microseconds(Math.round(Number(dur) * TICKS) - 1).split('.');
  return `${whole}.${rest.padEnd(6, '0')}999`;
}

/** As Perfetto reads a time. */
function nanoseconds(text: string): number {
  return Math.round(Number(text) * 1000);
}

/** Values of a counter from a tick on. */
export function counterText(
  name: string,
  at: number,
  pid: number,
  values: Readonly<Record<string, number>>,
): TraceEventText {
  return `{"ph":"C","name":"${name}","ts":${microseconds(at)},"pid":${pid},"args":${JSON.stringify(values)}}`;
}

/** Start (s) or end (f) of a flow, bound to the slice around it. */
export function flowText(ph: 's' | 'f', id: number, at: number, pid: number, tid: number): TraceEventText {
  const bind = ph === 'f' ? '"bp":"e",' : '';
  return `{"ph":"${ph}",${bind}"name":"task","cat":"query","id":${id},"ts":${microseconds(at)},"pid":${pid},"tid":${tid}}`;
}

/** Name or place of a process or track. */
export function metadataText(
  what: string,
  pid: number,
  tid: number | undefined,
  value: string | number,
): TraceEventText {
  const args = typeof value === 'string' ? { name: value } : { sort_index: value };
  const track = tid === undefined ? '' : `"tid":${tid},`;
  return `{"ph":"M","name":"${what}","pid":${pid},${track}"args":${JSON.stringify(args)}}`;
}

/** ps: rounds down to whole ns. */
const LESS_THAN_HALF = 499;
/** In a µs. */
const TICKS = 1e6;
