/** The kernels' memory: blocks that never overlap, and come back whole. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createEngine } from '../../bindings/engines/index.ts'
import type { SimdEngine } from '../../bindings/engines/simd.ts'
import { seeded } from '../support.ts'

const test = suite('heap')

interface Block {
  at: number
  words: number
  mark: number
}

test('random blocks keep what is written to them, and their memory is used again', () => {
  const engine = createEngine({ engine: 'simd' }) as SimdEngine
  const random = seeded(8)
  const blocks: Block[] = []
  const giveBack = (k: number) => {
    const { at, words, mark } = blocks[k]!
    const content = engine.u32.subarray(at / 4, at / 4 + words)
    assert.ok(
      content.every((word) => word === mark),
      `block ${mark} of ${words} words`,
    )
    engine.kernels.release(at)
    blocks[k] = blocks.at(-1)!
    blocks.pop()
  }
  const round = () => {
    for (let mark = 1; mark <= 5000; mark++) {
      const words = random.uniform() < 0.1 ? random.below(20_000) : random.below(60)
      const at = engine.allocate(words * 4)
      assert.is(at % 16, 0)
      engine.u32.fill(mark, at / 4, at / 4 + words)
      blocks.push({ at, words, mark })
      while (blocks.length > 200) giveBack(random.below(blocks.length))
    }
    while (blocks.length > 0) giveBack(random.below(blocks.length))
  }
  round()
  const pages = engine.kernels.memory.buffer.byteLength
  round()
  assert.ok(engine.kernels.memory.buffer.byteLength <= 2 * pages)
  // All is one piece again: a block as large as all of them fits where the first one was.
  const first = engine.allocate(4)
  engine.kernels.release(first)
  assert.is(engine.allocate(pages / 2), first)
  assert.is(engine.kernels.memory.buffer.byteLength <= 2 * pages, true)
})

test('what does not fit is refused, and nothing is lost', () => {
  const engine = createEngine({ engine: 'simd' }) as SimdEngine
  const before = engine.allocate(64)
  engine.kernels.release(before)
  assert.throws(() => engine.allocate(2 ** 30), /memory is full/)
  assert.throws(() => engine.kernels.allocate(-1), WebAssembly.RuntimeError)
  assert.is(engine.allocate(64), before)
})

test.run()
