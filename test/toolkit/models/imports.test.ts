/** Which way imports run among the models. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { importsOf } from '../../imports.ts'

const test = suite('models: imports')
const imports = importsOf('toolkit/models')

test('models know nothing of commands, events and the paper', () => {
  assert.ok(imports.size > 40, `${imports.size} files`)
  const known = /^toolkit\/(models|files|isolation)\/|^toolkit\/(errors|text|optional)\.ts$|^bindings\/index\.ts$/
  const outside = [...imports.values()].flat().filter((path) => !known.test(path))
  assert.equal(outside, [])
})

test('a format is known by the table alone, and no format knows another', () => {
  const own = (file: string) => /^toolkit\/models\/(read|remote|write)\/[^/.]+/.exec(file)?.[0]
  for (const [file, paths] of imports) {
    if (/^toolkit\/models\/(index|open|formats|exports)\.ts$/.test(file)) continue
    const others = paths.filter((path) => own(path) !== undefined && own(path) !== own(file))
    assert.equal(others, [], file)
  }
})

test.run()
