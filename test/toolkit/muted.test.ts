import { setTimeout as wait } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { muted } from '../../toolkit/muted.ts'

const test = suite('muted')

/** What reaches the console meanwhile. */
async function printed(run: () => Promise<unknown>): Promise<unknown[]> {
  const { log, warn, error } = console
  const lines: unknown[] = []
  console.log = console.warn = console.error = (line: unknown) => lines.push(line)
  try {
    await run()
  } finally {
    Object.assign(console, { log, warn, error })
  }
  return lines
}

async function chatter(): Promise<number> {
  console.log('before')
  await wait(1)
  console.warn('after')
  console.error('later')
  return 7
}

test('drops the lines of the work alone, and gives what it gives', async () => {
  const lines = await printed(async () => {
    const working = muted(chatter)
    console.log('beside it')
    assert.is(await working, 7)
    console.error('behind it')
  })
  assert.equal(lines, ['beside it', 'behind it'])
})

test('several at once, and one that fails, leave the console as it was', async () => {
  const lines = await printed(async () => {
    const failing = muted(async () => {
      await chatter()
      throw new Error('no')
    }).catch((error) => console.log(error.message))
    await Promise.all([muted(chatter), failing, muted(() => wait(5))])
    console.log('behind them')
  })
  assert.equal(lines, ['no', 'behind them'])
})

test.run()
