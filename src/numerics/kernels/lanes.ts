// Four neighbouring columns at a time, of which the last few may not exist.

@inline
export function loadColumns(at: usize, count: i32): v128 {
  return count >= 4 ? v128.load(at) : loadSome(at, count);
}

@inline
export function storeColumns(at: usize, v: v128, count: i32): void {
  if (count >= 4) v128.store(at, v);
  else storeSome(at, v, count);
}

function loadSome(at: usize, count: i32): v128 {
  if (count <= 0) return i32x4.splat(0);
  if (count == 1) return v128.load32_zero(at);
  const two = v128.load64_zero(at);
  return count == 2 ? two : v128.load_lane<i32>(at, two, 2, 8);
}

function storeSome(at: usize, v: v128, count: i32): void {
  if (count <= 0) return;
  if (count == 1) v128.store_lane<i32>(at, v, 0);
  else {
    v128.store_lane<i64>(at, v, 0);
    if (count == 3) v128.store_lane<i32>(at, v, 2, 8);
  }
}
