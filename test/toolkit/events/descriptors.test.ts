/** Whatever comes of a file, it is closed again. */
import { readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openEvents } from '../../../toolkit/events/index.ts'
import { Events } from './support.ts'

const test = suite('events: descriptors')
const folder = new Events()

test.after(() => folder.remove())

const OPEN = '/proc/self/fd'
const listable = process.platform === 'linux'

/** The descriptors of this process that are files of the folder. */
function open(name: string): string[] {
  return readdirSync(OPEN).flatMap((descriptor) => {
    try {
      const path = readlinkSync(`${OPEN}/${descriptor}`)
      return path.endsWith(`/${name}`) ? [path] : []
    } catch {
      return [] // that of the listing itself
    }
  })
}

function written(name: string, text: string): string {
  folder.write(name, text)
  return join(folder.path, name)
}

/** Streams of Node are closed a moment after they end. */
async function closes(name: string): Promise<void> {
  for (let i = 0; i < 100 && open(name).length > 0; i++) await setTimeout(10)
  assert.equal(open(name), [])
}

const bad = {
  'first.ndjson': '{"a": 1, \n',
  'later.ndjson': '{"a": 1}\n{"a": "x"}\n',
  'first.csv': 'a,b\nx,2\n',
  'later.csv': 'a,b\n1,2\n3,x\n',
  'quoted.csv': 'a,b\n"1,2\n',
}

if (listable) {
  for (const [name, text] of Object.entries(bad)) {
    test(`${name}: closed once it is refused`, async () => {
      const path = written(name, text)
      let refused = ''
      try {
        const source = await openEvents(path)
        try {
          for await (const _ of source.read(['a', 'b'].slice(0, source.columns!.length)));
        } finally {
          await source.close()
        }
      } catch (error) {
        refused = (error as Error).message
      }
      assert.match(refused, /: (column|"|.*is not)/)
      await closes(name)
    })
  }

  test('a file of which only the beginning is read', async () => {
    const path = written('some.csv', `a,b\n${'1,2\n'.repeat(500_000)}`)
    const source = await openEvents(path)
    for await (const _ of source.read(['a'])) break
    await source.close()
    await closes('some.csv')
  })
} else {
  test.skip('descriptors are listed on Linux alone', () => {})
}

test.run()
