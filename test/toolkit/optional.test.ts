import { mkdirSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { optional } from '../../toolkit/optional.ts'
import { Folder } from './support.ts'

const test = suite('optional packages')

const folder = new Folder()
const before = process.cwd()

test.before(() => {
  mkdirSync(folder.file('node_modules/large-package'), { recursive: true })
  mkdirSync(folder.file('node_modules/broken-package'))
  for (const name of ['large-package', 'broken-package']) {
    folder.write(`node_modules/${name}/package.json`, JSON.stringify({ name, exports: { './io': './io.mjs' } }))
  }
  folder.write('node_modules/large-package/io.mjs', 'export const answer = 42')
  folder.write('node_modules/broken-package/io.mjs', 'throw new Error("no such machine")')
  process.chdir(folder.path)
})

test.after(() => {
  process.chdir(before)
  folder.remove()
})

test('found where the command was called, or not at all', async () => {
  assert.is(((await optional('large-package/io')) as { answer: number }).answer, 42)
  assert.is(await optional('other-package/io'), undefined)
})

test('one that fails is not taken for one that is missing', async () => {
  let said = ''
  await optional('broken-package/io').catch((error) => {
    said = error.message
  })
  assert.is(said, 'no such machine')
})

test.run()
