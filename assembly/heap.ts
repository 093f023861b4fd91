/**
 * The memory that networks and buffers are given: few large blocks that live long, for which the compiler's own allocator
 * would be a third of what is shipped to score. The free blocks are a list in the order of their addresses.
 *
 *   usize bytes | usize next free block | padding | `bytes` to use, at a multiple of 16
 */
const HEAD: usize = 16;
/** Larger blocks are refused, so that no address overflows. */
const MOST: usize = (1 << 30) - HEAD;

let free: usize = 0;
/** Where no block has been yet. */
let top: usize = (__heap_base + 15) & ~15;

@inline
function bytesOf(block: usize): usize {
  return load<usize>(block);
}

@inline
function next(block: usize): usize {
  return load<usize>(block, 4);
}

/** Makes `block` the one after `previous`, or the first of the list. */
@inline
function link(previous: usize, block: usize): void {
  if (previous) store<usize>(previous, block, 4);
  else free = block;
}

/** At least so many bytes at a multiple of 16, of any content. Traps where there are none. */
export function take(bytes: usize): usize {
  if (bytes > MOST) unreachable();
  bytes = max<usize>(16, (bytes + 15) & ~15);
  let previous: usize = 0;
  for (let block = free; block; block = next(block)) {
    const spare = bytesOf(block) - bytes;
    if (bytesOf(block) >= bytes) {
      let rest = next(block);
      if (spare > HEAD) {
        const after = rest;
        rest = block + HEAD + bytes;
        store<usize>(rest, spare - HEAD);
        store<usize>(rest, after, 4);
        store<usize>(block, bytes);
      }
      link(previous, rest);
      return block + HEAD;
    }
    previous = block;
  }
  return append(bytes);
}

/** A block past all others; memory at least doubles where it has to grow. */
function append(bytes: usize): usize {
  const block = top;
  const end = block + HEAD + bytes;
  if (end < block) unreachable();
  const pages = memory.size();
  const lacking = <i32>((end - 1) >>> 16) + 1 - pages;
  if (lacking > 0 && memory.grow(max(lacking, pages)) < 0 && memory.grow(lacking) < 0) unreachable();
  top = end;
  store<usize>(block, bytes);
  return block + HEAD;
}

/** Gives back what `take` gave; joins it with its neighbours where they are free. */
export function giveBack(pointer: usize): void {
  let block = pointer - HEAD;
  let previous: usize = 0;
  let before: usize = 0;
  let after = free;
  while (after && after < block) {
    before = previous;
    previous = after;
    after = next(after);
  }
  if (after == block + HEAD + bytesOf(block)) {
    store<usize>(block, bytesOf(block) + HEAD + bytesOf(after));
    after = next(after);
  }
  if (previous && previous + HEAD + bytesOf(previous) == block) {
    store<usize>(previous, bytesOf(previous) + HEAD + bytesOf(block));
    block = previous;
    previous = before;
  }
  if (block + HEAD + bytesOf(block) == top) {
    top = block;
    link(previous, 0);
    return;
  }
  store<usize>(block, after, 4);
  link(previous, block);
}
