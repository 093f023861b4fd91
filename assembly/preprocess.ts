/**
 * From the numbers of an event to the inputs of the net: f32((x + offset) · scale), in f64.
 * What is not finite becomes the input's default first; without one that is NaN, and so is every output.
 *
 * Most events lack nothing. So the fast ways below take every number as it is, add up all x − x, which are 0 where x
 * is finite, else NaN, and leave an event to the slow way where that sum is NaN.
 */
import { Network, padded } from './layout';

/** Two numbers as the net sees them, [a b] in f64 → [a b 0 0] in f32. */
@inline
export function seen(x: v128, offset: v128, scale: v128): v128 {
  return f32x4.demote_f64x2_zero(f64x2.mul(f64x2.add(x, offset), scale));
}

@inline
function zeroIfFinite(x: v128): v128 {
  return f64x2.sub(x, x);
}

@inline
function isMissing(sum: v128): bool {
  return v128.any_true(f64x2.ne(sum, sum));
}

/**
 * The event in the network's own memory → its x. Two inputs at once, loaded one by one: what was just stored in two
 * pieces would have to reach the cache before it could be loaded in one.
 */
export function preprocessOne(net: Network): void {
  const end = net.event + ((<usize>net.inputs) << 3);
  const toOffset = net.offset - net.event;
  const toScale = net.scale - net.event;
  let x = net.x;
  let sum = f64x2.splat(0);
  for (let at = net.event; at < end; at += 16) {
    const pair = v128.load64_lane(at, v128.load64_zero(at), 1, 8);
    sum = f64x2.add(sum, zeroIfFinite(pair));
    v128.store64_lane(x, seen(pair, v128.load(at + toOffset), v128.load(at + toScale)), 0);
    x += 8;
  }
  if (isMissing(sum)) preprocessAny(net, net.event, true, 1, net.x, 0, 4);
}

/** Two numbers of an event, side by side, as the net sees them: [a b 0 0]. */
@inline
function pair(at: usize, double: bool, offset: v128, scale: v128): v128 {
  const numbers = double ? v128.load(at) : f64x2.promote_low_f32x4(v128.load64_zero(at));
  return seen(numbers, offset, scale);
}

/**
 * Eight events, one after the other, → x f32[inputs × 8]: the events lie across the lanes. Two inputs at once, of which
 * the second may be none: its offset and scale are zero, and there is room for it.
 */
export function preprocessLanes(net: Network, events: usize, double: bool, x: usize): void {
  const eventBytes = (<usize>net.inputs) << (double ? 3 : 2);
  const toScale = net.scale - net.offset;
  let preparation = net.offset;
  let sum = f32x4.splat(0);
  let to = x;
  for (let at = events; at < events + eventBytes; at += double ? 16 : 8) {
    const offset = v128.load(preparation);
    const scale = v128.load(preparation + toScale);
    sum = f32x4.add(sum, fourPairs(at, eventBytes, double, offset, scale, to));
    sum = f32x4.add(sum, fourPairs(at + (eventBytes << 2), eventBytes, double, offset, scale, to + 16));
    to += 64;
    preparation += 16;
  }
  if (v128.any_true(f32x4.ne(sum, f32x4.splat(0)))) preprocessAny(net, events, double, 8, x, 4, 32);
}

/** Two inputs of four events, [a0 a1] [b0 b1] … → [a0 b0 c0 d0] and [a1 b1 c1 d1]. Returns 0, or NaN where one is not finite. */
@inline
function fourPairs(at: usize, eventBytes: usize, double: bool, offset: v128, scale: v128, to: usize): v128 {
  const a = pair(at, double, offset, scale);
  const b = pair(at + eventBytes, double, offset, scale);
  const c = pair(at + 2 * eventBytes, double, offset, scale);
  const d = pair(at + 3 * eventBytes, double, offset, scale);
  const ab = i32x4.shuffle(a, b, 0, 4, 1, 5);
  const cd = i32x4.shuffle(c, d, 0, 4, 1, 5);
  v128.store(to, i32x4.shuffle(ab, cd, 0, 1, 4, 5));
  v128.store(to, i32x4.shuffle(ab, cd, 2, 3, 6, 7), 32);
  const sum = f32x4.add(ab, cd);
  return f32x4.sub(sum, sum);
}

/** `count` events, one after the other, → rows f32[count × padded inputs], whose padding must be zero already. */
export function preprocessRows(net: Network, events: usize, double: bool, count: i32, rows: usize): void {
  preprocessAny(net, events, double, count, rows, (<usize>padded(net.inputs)) << 2, 4);
}

/** The slow way, for all: input i of event n goes to x + n · nextEvent + i · nextInput. */
function preprocessAny(
  net: Network,
  events: usize,
  double: bool,
  count: i32,
  x: usize,
  nextEvent: usize,
  nextInput: usize,
): void {
  for (let n = 0; n < count; n++, x += nextEvent) {
    let to = x;
    for (let i: usize = 0; i < (<usize>net.inputs) << 3; i += 8, to += nextInput) {
      let number = double ? load<f64>(events) : <f64>load<f32>(events);
      events += double ? 8 : 4;
      if (number - number != 0) number = load<f64>(net.fallback + i);
      store<f32>(to, <f32>((number + load<f64>(net.offset + i)) * load<f64>(net.scale + i)));
    }
  }
}
