// Philox4x32-10 (Salmon, Moraes, Dror, Shaw, SC 2011) and Box-Muller normals, four counters at a time.
// src/base/philox.ts states the same arithmetic for one counter; the tests hold both to the same bits.

// In mutable globals the engine loads these constants; written in place it would rebuild them in every round.
let key: v128 = i32x4(0, 0, 0, 0);
let factors: v128 = i32x4(0, 0, 0, 0);
let bump: v128 = i32x4(0, 0, 0, 0);

// Normals of lane j's counter, in word order: four results that a function cannot return at once.
export let normals0: v128 = i32x4(0, 0, 0, 0);
export let normals1: v128 = i32x4(0, 0, 0, 0);
export let normals2: v128 = i32x4(0, 0, 0, 0);
export let normals3: v128 = i32x4(0, 0, 0, 0);

/** The key of every later draw of this instance. */
export function setKey(seed: u32, stream: u32): void {
  key = i32x4.replace_lane(i32x4.replace_lane(i32x4.splat(seed), 1, stream), 3, stream);
  factors = i32x4(0xd2511f53, 0xcd9e8d57, 0xd2511f53, 0xcd9e8d57);
  bump = i32x4(0x9e3779b9, 0xbb67ae85, 0x9e3779b9, 0xbb67ae85);
}

/**
 * Draws 16 normals: counter j of four gives `normals{j}`. Two counters share a register: v holds words 0 and 2,
 * w holds words 1 and 3, so that products, radii and angles come without rearrangement.
 */
export function draw(v0: v128, w0: v128, v1: v128, w1: v128): void {
  let k = key;
  const m = factors;
  const weyl = bump;
  for (let round = 0; round < 10; round++) {
    const a = i64x2.extmul_low_i32x4_u(v0, m);
    const b = i64x2.extmul_high_i32x4_u(v0, m);
    const c = i64x2.extmul_low_i32x4_u(v1, m);
    const d = i64x2.extmul_high_i32x4_u(v1, m);
    v0 = v128.xor(v128.shuffle<i32>(a, b, 3, 1, 7, 5), v128.xor(w0, k));
    v1 = v128.xor(v128.shuffle<i32>(c, d, 3, 1, 7, 5), v128.xor(w1, k));
    w0 = v128.shuffle<i32>(a, b, 2, 0, 6, 4);
    w1 = v128.shuffle<i32>(c, d, 2, 0, 6, 4);
    k = i32x4.add(k, weyl);
  }

  const r0 = radius(v0, w0);
  const r1 = radius(v1, w1);
  const x0 = angle(w0);
  const x1 = angle(w1);
  const y0 = f32x4.mul(x0, x0);
  const y1 = f32x4.mul(x1, x1);
  const cosine0 = cosine(y0);
  const cosine1 = cosine(y1);
  const sine0 = f32x4.mul(x0, sine(y0));
  const sine1 = f32x4.mul(x1, sine(y1));
  const exchange0 = exchange(w0, cosine0, sine0);
  const exchange1 = exchange(w1, cosine1, sine1);
  const even0 = f32x4.mul(r0, v128.xor(cosine0, exchange0));
  const even1 = f32x4.mul(r1, v128.xor(cosine1, exchange1));
  const odd0 = f32x4.mul(r0, v128.xor(sine0, exchange0));
  const odd1 = f32x4.mul(r1, v128.xor(sine1, exchange1));
  normals0 = v128.shuffle<i32>(even0, odd0, 0, 4, 1, 5);
  normals1 = v128.shuffle<i32>(even0, odd0, 2, 6, 3, 7);
  normals2 = v128.shuffle<i32>(even1, odd1, 0, 4, 1, 5);
  normals3 = v128.shuffle<i32>(even1, odd1, 2, 6, 3, 7);
}

/** Normals number first … first + count − 1 of (seed, stream, row, block, read), as float32. */
export function fillNormals(
  out: usize, count: i32, first: u32, seed: u32, stream: u32, row: u32, block: u32, read: u32,
): void {
  setKey(seed, stream);
  let counter = first >> 2;
  let v = i32x4.replace_lane(i32x4.replace_lane(i32x4.splat(block), 0, counter), 2, counter + 1);
  const w = i32x4.replace_lane(i32x4.replace_lane(i32x4.splat(read), 0, row), 2, row);
  let skip = <i32>(first & 3);
  while (count > 0) {
    draw(v, w, i32x4.add(v, i32x4(2, 0, 2, 0)), w);
    v = i32x4.add(v, i32x4(4, 0, 4, 0));
    if (skip == 0 && count >= 16) {
      v128.store(out, normals0);
      v128.store(out, normals1, 16);
      v128.store(out, normals2, 32);
      v128.store(out, normals3, 48);
      out += 64;
      count -= 16;
    } else {
      const stored = min(16 - skip, count);
      for (let i = skip; i < skip + stored; i++) {
        store<f32>(out, word(i));
        out += 4;
      }
      count -= stored;
      // The next draw starts at a whole counter only when this one ended at one.
      skip = 0;
    }
  }
}

function word(i: i32): f32 {
  const quad = i >> 2;
  const v = quad == 0 ? normals0 : quad == 1 ? normals1 : quad == 2 ? normals2 : normals3;
  const lane = i & 3;
  if (lane == 0) return f32x4.extract_lane(v, 0);
  if (lane == 1) return f32x4.extract_lane(v, 1);
  if (lane == 2) return f32x4.extract_lane(v, 2);
  return f32x4.extract_lane(v, 3);
}

/** ±√(−2 ln u), u = (⌊v/2⌋ + ½) / 2³¹, negative where the high bit of w is set. */
@inline
function radius(v: v128, w: v128): v128 {
  const u = f32x4.add(f32x4.convert_i32x4_s(i32x4.shr_u(v, 1)), f32x4.splat(0.5));
  const bits = i32x4.sub(u, i32x4.splat(0x3f3504f3));
  const exponent = i32x4.shr_s(bits, 23);
  const mantissa = i32x4.add(v128.and(bits, i32x4.splat(0x7fffff)), i32x4.splat(0x3f3504f3));
  const t = f32x4.sub(mantissa, f32x4.splat(1));
  let p = f32x4.splat(0.20213794708251953);
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-0.3244516849517822));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(0.34501662850379944));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-0.39800330996513367));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(0.4993981719017029));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-0.6667011976242065));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(1.0000072717666626));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-1.9999998807907104));
  const octaves = f32x4.convert_i32x4_s(i32x4.sub(i32x4.splat(31), exponent));
  const r = f32x4.sqrt(f32x4.add(f32x4.mul(octaves, f32x4.splat(1.3862943649291992)), f32x4.mul(p, t)));
  return v128.xor(r, v128.and(w, i32x4.splat(0x80000000)));
}

/** The low 30 bits as an angle in [−½, ½] right angles; the two high bits are spent on exchange and sign. */
@inline
function angle(w: v128): v128 {
  return f32x4.mul(f32x4.convert_i32x4_s(i32x4.shl(w, 2)), f32x4.splat(2.3283064365386963e-10));
}

/** sin(πx/2) / x as a polynomial in y = x². */
@inline
function sine(y: v128): v128 {
  let p = f32x4.splat(-0.004602177068591118);
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(0.07968022674322128));
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(-0.6459634900093079));
  return f32x4.add(f32x4.mul(p, y), f32x4.splat(1.5707963705062866));
}

/** cos(πx/2) as a polynomial in y = x². */
@inline
function cosine(y: v128): v128 {
  let p = f32x4.splat(-0.020408352836966515);
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(0.2535986304283142));
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(-1.2336970567703247));
  return f32x4.add(f32x4.mul(p, y), f32x4.splat(1));
}

/** What to exclusive-or into both to exchange cosine and sine where bit 30 is set. */
@inline
function exchange(w: v128, cosine: v128, sine: v128): v128 {
  return v128.and(v128.xor(cosine, sine), i32x4.shr_s(i32x4.shl(w, 1), 31));
}
