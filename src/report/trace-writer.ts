import { metadataText, type TraceEventText } from './trace-text.ts';

/** The text of a trace on its way out: events in order, their number, and names of processes and tracks. */
export class TraceWriter {
  #text: string[] = ['{"displayTimeUnit":"ns","traceEvents":[\n'];
  #events = 0;
  readonly #processes = new Set<number>();

  /** Events so far. */
  get events(): number {
    return this.#events;
  }

  push(event: TraceEventText): void {
    this.#text.push(this.#events === 0 ? event : `,\n${event}`);
    this.#events += 1;
  }

  /** Names a process, once, and puts it at a place among the others. */
  process(pid: number, name: string, order: number): void {
    if (this.#processes.has(pid)) return;
    this.#processes.add(pid);
    this.push(metadataText('process_name', pid, undefined, name));
    this.push(metadataText('process_sort_index', pid, undefined, order));
  }

  /** Names a track of a process, which no other track of the trace has the number of, and puts it at a place. */
  track(pid: number, tid: number, name: string, order: number): void {
    this.push(metadataText('thread_name', pid, tid, name));
    this.push(metadataText('thread_sort_index', pid, tid, order));
  }

  /** Ends the file with what is known about it. */
  end(otherData: object): void {
    this.#text.push(`\n],\n"otherData":${JSON.stringify(otherData)}}\n`);
  }

  /** The text since the last call. */
  take(): string {
    const text = this.#text.join('');
    this.#text = [];
    return text;
  }
}
