/** jsroot as the message says to install it, beside the packed toolkit in an empty folder: ROOT files are read then. */
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Packed } from '../../packed.ts'
import { withData } from '../../support.ts'
import { packedByZstd } from './zstd.ts'

const test = suite('jsroot, installed as the message says')

let packed: Packed

test.before(() => {
  packed = new Packed('nndrone', 'nndrone-toolkit')
  packed.write('broken.root', Buffer.from('root\0\0\0\0 and nothing else', 'latin1'))
  packed.write(
    'sum.mjs',
    `export const inputs = ['NJet', 'MET_px', 'MET_py', 'EventWeight']
    export const predictBatch = (events) =>
      Float32Array.from({ length: events.length / 4 }, (_, n) => events[4 * n] + events[4 * n + 1] + events[4 * n + 2] + events[4 * n + 3])`,
  )
})

test.after(() => packed.remove())

const predict = (file: string) => packed.run('npx', 'nndrone', 'predict', 'sum.mjs', '--events', file)

function refusal(file: string): string {
  try {
    return predict(file)
  } catch (error) {
    return (error as { stderr: string }).stderr
  }
}

test('without it, the message says how', () => {
  const message =
    'nndrone: broken.root: ROOT files are read with the package jsroot, which is not installed: npm install jsroot --ignore-scripts\n'
  assert.is(refusal('broken.root'), message)
})

test('what the message says works', () => {
  packed.install('jsroot', '--ignore-scripts')
  assert.is(refusal('broken.root'), 'nndrone: broken.root: broken ROOT data (400 bytes at 0); is the file whole?\n')
})

withData(test, 'trees are read, and the same ones packed by zstd', 'root/uproot-HZZ.root', async (path) => {
  const { ZstdInit } = createRequire(join(packed.folder, 'package.json'))('@oneidentity/zstd-js')
  const { ZstdStream } = await ZstdInit()
  const file = packedByZstd(readFileSync(path), (bytes) => ZstdStream.compress(bytes))
  writeFileSync(join(packed.folder, 'zstd.root'), file)
  const scores = predict(path)
  assert.is(scores.trim().split('\n').length, 2422)
  assert.is(predict('zstd.root'), scores)
})

test.run()
