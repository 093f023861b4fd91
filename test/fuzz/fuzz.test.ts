/** A sample of damaged files of every format; `npm run fuzz` reads many more. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { FORMATS } from './formats.ts'
import { mutated, randomOf } from './mutate.ts'
import { fuzz } from './run.ts'

const SEED = Number(process.env.NNDRONE_FUZZ_SEED ?? 1)

const RUNS = 25

const test = suite(`damaged files, seed ${SEED}`)

for (const [format, { files }] of Object.entries(FORMATS)) {
  if (files().length === 0) {
    console.log(`skipped: damaged files of ${format} (no file of it in NNDRONE_DATA)`)
    continue
  }
  test(format, async () => {
    const { read, refused, faults } = await fuzz(format, SEED, RUNS)
    assert.equal(faults, [], `npm run fuzz -- --format '${format}' --seed ${SEED} --runs ${RUNS}`)
    assert.is(read + refused, RUNS)
  })
}

test('the same seed damages a file in the same way, another in others', () => {
  const bytes = Buffer.from(Array.from({ length: 200 }, (_, n) => n))
  const many = (seed: number) =>
    Array.from({ length: 20 }, (_, run) => mutated(bytes, randomOf(seed, run)).toString('latin1'))
  assert.equal(many(1), many(1))
  assert.is(new Set([...many(1), ...many(2)]).size, 40)
  assert.equal(bytes, Buffer.from(Array.from({ length: 200 }, (_, n) => n)))
})

test.run()
