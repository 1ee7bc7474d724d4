/**
 * Progress of several parts that go on at the same time, shown as one: the mean of what is done of each, in per cent. What it returns
 * tells of a part, by its number, how much of it is done.
 */
export function jointProgress(
  parts: number,
  show: (done: number, total: number) => void,
): (part: number, done: number, total: number) => void {
  const shares = new Float64Array(parts);
  return (part, done, total) => {
    shares[part] = done / total;
    const sum = shares.reduce((all, share) => all + share, 0);
    show(Math.floor((100 * sum) / parts), 100);
  };
}
