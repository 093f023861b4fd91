/**
 * What reads lines and writes scores: bytes in, numbers out, and numbers in, bytes out. A binary of its own, loaded by
 * those who read lines. Whoever calls sees to it that a line feed ends the bytes, and that 64 bytes of room follow them.
 */
export { scanRecords } from './lines/records';
export { scanCells } from './lines/cells';
export { writeScores } from './lines/scores';
export { powersAt } from './lines/decimal';

/** Makes memory for so many bytes, of which nobody else takes any, and returns where they begin. Views are detached. */
export function reserve(bytes: usize): usize {
  const pages = <i32>((__heap_base + bytes + 0xffff) >> 16) - memory.size();
  if (pages > 0 && memory.grow(pages) < 0) unreachable();
  return __heap_base;
}
