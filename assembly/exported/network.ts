/**
 * The one network of a module that needs nothing of its host. Whoever exports a drone makes the network with `create`,
 * fills it in, and keeps what memory then holds as the data of the module (`toolkit/models/write/wasm.ts`); what only that
 * takes is no export of the module that comes of it.
 */
import { Network, createNetwork, layerAt } from '../layout';
import { answer as answerOf } from '../forward';
import { take } from '../heap';

/** Where the network lies: a number in memory, so that it is kept with it. */
const PLACE: usize = memory.data(8, 16);

@inline
export function network(): Network {
  return changetype<Network>(load<usize>(PLACE));
}

/** How many numbers an event has. */
export function inputs(): i32 {
  return network().inputs;
}

/** How many numbers an answer has. */
export function outputs(): i32 {
  return network().outputs;
}

/** f64[inputs], where an event is written before `score`. It stays what it is. */
export function event(): usize {
  return network().event;
}

/** f32[outputs], where `score` leaves the answer. */
export function answer(): usize {
  return answerOf(network());
}

// What follows is for the exporter alone.

/** Bytes at a multiple of 16; memory grows where they need it. */
export function allocate(bytes: usize): usize {
  return take(bytes);
}

/** shape: i32[2 + 3 × depth] = inputs, depth, then units, activation, bits of alpha of each layer. */
export function create(shape: usize): void {
  store<usize>(PLACE, changetype<usize>(createNetwork(shape)));
}

/** f64[inputs] each. */
export function offset(): usize {
  return network().offset;
}

export function scale(): usize {
  return network().scale;
}

export function fallback(): usize {
  return network().fallback;
}

/** f32[outputs] of layer k. */
export function bias(k: i32): usize {
  return layerAt(network(), k).bias;
}

/** f32[inputs × stride] of layer k: the weight from input j to output i is number j · stride + i. */
export function weights(k: i32): usize {
  return layerAt(network(), k).weights;
}

export function stride(k: i32): i32 {
  return layerAt(network(), k).stride;
}
