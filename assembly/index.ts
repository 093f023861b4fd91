/**
 * What the library calls to score: numbers in, numbers out. A network is a pointer (see `layout.ts`). Whoever calls has
 * checked the arguments. Memory may grow, and views of it be detached, in `allocate`, `create` and `expand`.
 */
export { score1, score2, score3, score4, score5, score6, score7, score8 } from './score';
import { Network, createNetwork, layerAt, releaseNetwork } from './layout';
import { answer, forward } from './forward';
import { expand as expandLayer } from './expand';
import { forwardBlocks } from './batch';
import { giveBack, take } from './heap';
import { preprocessOne } from './preprocess';

/** Bytes at a multiple of 16. */
export function allocate(bytes: usize): usize {
  return take(bytes);
}

export function release(pointer: usize): void {
  giveBack(pointer);
}

/** shape: i32[2 + 3 × depth] = inputs, depth, then units, activation, bits of alpha of each layer. */
export function create(shape: usize): usize {
  return changetype<usize>(createNetwork(shape));
}

export function destroy(net: usize): void {
  releaseNetwork(changetype<Network>(net));
}

/** Gives layer k one unit more, all its weights zero; use the pointer that is returned. */
export function expand(net: usize, k: i32): usize {
  return changetype<usize>(expandLayer(changetype<Network>(net), k));
}

/** f64[inputs], where an event is written before `predict`. */
export function eventOf(net: usize): usize {
  return changetype<Network>(net).event;
}

/** f64[inputs] each. */
export function offsetOf(net: usize): usize {
  return changetype<Network>(net).offset;
}

export function scaleOf(net: usize): usize {
  return changetype<Network>(net).scale;
}

/** What a value that is not finite becomes; NaN where there is no default. */
export function fallbackOf(net: usize): usize {
  return changetype<Network>(net).fallback;
}

/** f32[outputs], where `predict` leaves its answer. */
export function answerOf(net: usize): usize {
  return answer(changetype<Network>(net));
}

/** Floats of scratch memory that `predictBlocks` needs. */
export function scratchOf(net: usize): i32 {
  return changetype<Network>(net).width * 16;
}

/** f32[outputs] of layer k. */
export function biasOf(net: usize, k: i32): usize {
  return layerAt(changetype<Network>(net), k).bias;
}

/** f32[inputs × stride] of layer k: the weight from input j to output i is number j · stride + i. */
export function weightsOf(net: usize, k: i32): usize {
  return layerAt(changetype<Network>(net), k).weights;
}

export function strideOf(net: usize, k: i32): i32 {
  return layerAt(changetype<Network>(net), k).stride;
}

/** Scores the event at `eventOf`; leaves the outputs at `answerOf`. Returns nothing, since the host would box it. */
export function predict(net: usize): void {
  const network = changetype<Network>(net);
  preprocessOne(network);
  forward(network, network.x);
}

/** Scores blocks × 8 events, f64 or f32 [events × inputs], into out f32[events × outputs]. */
export function predictBlocks(net: usize, events: usize, double: bool, blocks: i32, scratch: usize, out: usize): void {
  forwardBlocks(changetype<Network>(net), events, double, blocks, scratch, out);
}
