/**
 * From the numbers of an event to the inputs of the net: f32((x + offset) · scale), in f64.
 * What is not finite becomes the input's default first; without one that is NaN, and so is every output.
 */
import { Network, padded } from './layout';

/** Two numbers. x − x is 0 where x is finite, else NaN, which equals nothing. */
@inline
export function normalise(x: v128, fallback: v128, offset: v128, scale: v128): v128 {
  const finite = f64x2.eq(f64x2.sub(x, x), f64x2.splat(0));
  const known = v128.bitselect(x, fallback, finite);
  return f32x4.demote_f64x2_zero(f64x2.mul(f64x2.add(known, offset), scale));
}

/** Number i of an event of f64 or f32, as f64. */
@inline
function number(event: usize, i: usize, double: bool): f64 {
  return double ? load<f64>(event + (i << 3)) : <f64>load<f32>(event + (i << 2));
}

/** The event in the network's own memory → its x. Two inputs at once. */
export function preprocessOne(net: Network): void {
  const end = (<usize>net.inputs) << 3;
  let x = net.x;
  for (let at: usize = 0; at < end; at += 16) {
    const pair = normalise(
      v128.load(net.event + at),
      v128.load(net.fallback + at),
      v128.load(net.offset + at),
      v128.load(net.scale + at),
    );
    v128.store64_lane(x, pair, 0);
    x += 8;
  }
}

/** Eight events, one after the other, → x f32[inputs × 8]: the events lie across the lanes. Two events at once. */
export function preprocessLanes(net: Network, events: usize, double: bool, x: usize): void {
  const inputs = <usize>net.inputs;
  const eventBytes = inputs << (double ? 3 : 2);
  for (let i: usize = 0; i < inputs; i++) {
    const fallback = v128.load64_splat(net.fallback + (i << 3));
    const offset = v128.load64_splat(net.offset + (i << 3));
    const scale = v128.load64_splat(net.scale + (i << 3));
    let event = events;
    for (let lane = 0; lane < 8; lane += 2) {
      const first = f64x2.splat(number(event, i, double));
      const pair = f64x2.replace_lane(first, 1, number(event + eventBytes, i, double));
      v128.store64_lane(x, normalise(pair, fallback, offset, scale), 0);
      event += 2 * eventBytes;
      x += 8;
    }
  }
}

/** `count` events, one after the other, → rows f32[count × padded inputs], whose padding must be zero already. */
export function preprocessRows(net: Network, events: usize, double: bool, count: i32, rows: usize): void {
  const inputs = <usize>net.inputs;
  const eventBytes = inputs << (double ? 3 : 2);
  const rowBytes = (<usize>padded(net.inputs)) << 2;
  for (let n = 0; n < count; n++) {
    for (let i: usize = 0; i < inputs; i++) {
      const x = normalise(
        f64x2.splat(number(events, i, double)),
        v128.load64_splat(net.fallback + (i << 3)),
        v128.load64_splat(net.offset + (i << 3)),
        v128.load64_splat(net.scale + (i << 3)),
      );
      v128.store32_lane(rows + (i << 2), x, 0);
    }
    events += eventBytes;
    rows += rowBytes;
  }
}
