/**
 * What a swarm calls, in a binary of its own: only those who use swarms load it. Memory may grow, and views of it be
 * detached, in `allocate`.
 */
import { giveBack, take } from './heap';

export { scoreQuads } from './quads';

/** Bytes at a multiple of 16. */
export function allocate(bytes: usize): usize {
  return take(bytes);
}

export function release(pointer: usize): void {
  giveBack(pointer);
}
