/** One event of the Trace Event Format as JSON text. Times are given in ticks of 1 ps. */
export type TraceEventText = string;

/** Ticks as the decimal µs of the format, exactly. */
export function microseconds(ticks: number): string {
  const whole = Math.floor(ticks / TICKS);
  const rest = ticks - whole * TICKS;
  return rest === 0 ? String(whole) : `${whole}.${String(rest).padStart(6, '0').replace(/0+$/, '')}`;
}

/** A complete event. */
export function sliceText(
  name: string,
  category: string,
  start: number,
  end: number,
  pid: number,
  tid: number,
  args: object,
): TraceEventText {
  return `{"ph":"X","name":${JSON.stringify(name)},"cat":"${category}","ts":${microseconds(start)},"dur":${microseconds(end - start)},"pid":${pid},"tid":${tid},"args":${JSON.stringify(args)}}`;
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

/** In a µs. */
const TICKS = 1e6;
