/** Events from ROOT trees: the values as a second reader has them (fixtures/root.py), and what is said of wrong files. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openEvents } from '../../../toolkit/events/index.ts'
import { root, withData } from '../../support.ts'
import { Events } from './support.ts'

const test = suite('events: ROOT')
const folder = new Events()

test.after(() => folder.remove())

interface Summary {
  count: number
  first: number[]
  last: number
  sum: number
}

const golden: Record<string, Record<string, Summary>> = JSON.parse(
  readFileSync(join(root, 'test/toolkit/events/fixtures/root.golden.json'), 'utf8'),
)

for (const [place, branches] of Object.entries(golden)) {
  const [file, tree] = place.split(':')
  withData(test, `${place}: the values of a second reader`, `root/${file}`, async (path) => {
    const names = Object.keys(branches)
    const { count, events } = await folder.read(`${path}:${tree}`, names)
    for (const [i, name] of names.entries()) {
      const values = events.filter((_, at) => at % names.length === i)
      const sum = values.reduce((sum, value) => sum + value, 0)
      const { first, last } = branches[name]!
      assert.equal({ count, first: values.slice(0, 3), last: values.at(-1), sum }, { ...branches[name]!, first, last })
    }
  })
}

withData(test, 'the tree by its name, or the only one', 'root/tmva_class_example.root', async (path) => {
  const source = await openEvents([`${path}:TreeS`])
  assert.equal(source.columns, ['var1', 'var2', 'var3', 'var4'])
  await folder.refuses(path, /several trees \(TreeS, TreeB\); name one, as in .*tmva_class_example\.root:TreeS$/)
  await folder.refuses(`${path}:Tree`, /no tree "Tree"; there are TreeS, TreeB$/)
  await folder.refuses(`${path}:TreeS`, /no column "x"; there are var1, var2, var3, var4$/, ['x'])
  folder.write('events.csv', 'a,b\n1,2\n')
  await folder.refuses('events.csv:tree', 'events.csv: holds one table, and none is named "tree"')
  await folder.refuses('none.root:tree', 'none.root: no such file')
})

withData(test, 'jagged branches are refused by name, if they are asked for', 'root/uproot-HZZ.root', async (path) => {
  assert.is((await folder.read(path, ['NJet', 'MET_px'])).count, 2421)
  await folder.refuses(
    path,
    /branch "Jet_Px" holds a list for each event, as long as "NJet" says, expected a number; choose flat branches, as in `features` a,b$/,
    ['NJet', 'Jet_Px'],
  )
})

withData(test, 'cut short, foreign or hostile', 'root/uproot-HZZ.root', async (path) => {
  const bytes = readFileSync(path)
  folder.write('cut.root', bytes.subarray(0, bytes.length / 2))
  await folder.refuses('cut.root', /^cut\.root: (broken ROOT data \(.+\); is the file whole\?|no tree)/)
  folder.write('packed.root', gzipSync(bytes))
  await folder.refuses('packed.root', 'packed.root: ROOT cannot be read from a stream, only from a file')
  const rounds = await folder.fuzz('x.root', bytes.subarray(0), ['NJet', 'MET_px'], 30)
  assert.ok(rounds > 8, String(rounds))
})

test.run()
