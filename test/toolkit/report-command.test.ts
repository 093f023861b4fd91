import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Folder, someAnswers, someDrone } from './support.ts'

const test = suite('report command')
const folder = new Folder()
test.after(() => folder.remove())

const drone = someDrone(folder)
const events = someAnswers(folder)
const scored = Array.from({ length: 300 }, (_, n) => {
  const [a, c] = [Math.sin(n), Math.cos(3 * n)]
  return [a, 2, c, a + c > 0 ? 1 : 0, drone.predict([a, 2, c])].join(',')
})
folder.write('scored.csv', `a,b,c,label,score\n${scored.join('\n')}\n`)

const read = (name: string) => readFileSync(folder.file(name), 'utf8')

test('a page of a drone and recorded answers, and its figures', () => {
  const { status, out, err } = folder.run(
    ...['report', 'drone.json', '--events', 'scored.csv', '--target', 'score', '--label', 'label', '--no-times'],
    ...['--figures', 'figures'],
  )
  assert.is(status, 0, err)
  assert.is(out, '')
  assert.is(err, 'wrote report.html, and 13 figures to figures\n')
  const html = read('report.html')
  assert.match(html, /drone\.json, its teacher column score, and 300 events of scored\.csv/)
  assert.match(html, /<dt>largest error<\/dt><dd>0<\/dd>/)
  const files = readdirSync(folder.file('figures'))
  assert.is(files.length, 26)
  assert.ok(files.includes('roc.svg') && files.includes('roc.csv'))
  assert.match(read('figures/roc.svg'), /^<svg [^>]*><style>/)
})

test('the same input gives the same page; another drone beside it is a teacher', () => {
  const args = ['report', 'drone.json', 'drone.json', '--events', 'scored.csv', '--no-times', '--out']
  assert.is(folder.run(...args, 'one.html').status, 0)
  assert.is(folder.run(...args, 'other.html').status, 0)
  assert.is(read('one.html'), read('other.html'))
})

test('events are chosen as everywhere, and may come from standard input', () => {
  const { status, err } = folder.run(
    ...['report', 'drone.json', '--events', 'scored.csv', '--where', 'label == 1', '--limit', '50', '--no-times'],
    ...['--out', 'chosen.html'],
  )
  assert.is(status, 0, err)
  assert.match(read('chosen.html'), /drone\.json and \d+ events? of scored\.csv/)
})

for (const [what, args, message] of [
  ['no events', ['drone.json'], '--events is missing; name files of events, or - for standard input'],
  [
    'an input as the page',
    ['drone.json', '--events', 'scored.csv', '--out', 'scored.csv'],
    '--out scored.csv: is an input of this command (--events); name another file',
  ],
  [
    'a file for the folder',
    ['drone.json', '--events', 'scored.csv', '--figures', 'scored.csv'],
    '--figures scored.csv: is a file, expected a folder',
  ],
  [
    'both a teacher and answers',
    ['drone.json', 'drone.json', '--events', 'scored.csv', '--target', 'score'],
    'a teacher cannot be combined with --target; compare with only one of them',
  ],
  [
    'a label among the inputs',
    ['drone.json', '--events', 'scored.csv', '--label', 'a'],
    '--label: "a" is also an input of drone.json; an answer cannot be an input',
  ],
  [
    'a scale for no teacher',
    ['drone.json', '--events', 'scored.csv', '--scale-from', 'drone.json'],
    '--scale-from: there is no teacher to ask',
  ],
] as const) {
  test(`refused: ${what}`, () => {
    const before = readdirSync(folder.path)
    const { status, err } = folder.run('report', ...args)
    assert.is(status, 2)
    assert.is(err, `nndrone: ${message}\n`)
    assert.equal(readdirSync(folder.path), before)
  })
}

test('a figure is not written over an input either', () => {
  folder.write('roc.csv', read('scored.csv'))
  const { status, err } = folder.run(
    ...[
      'report',
      'drone.json',
      '--events',
      'roc.csv',
      '--label',
      'label',
      '--no-times',
      '--figures',
      '.',
      '--out',
      'none.html',
    ],
  )
  assert.is(status, 2)
  assert.is(err, 'nndrone: --figures roc.csv: is an input of this command (--events); name another file\n')
  assert.is(read('roc.csv'), read('scored.csv'))
  assert.not.ok(existsSync(folder.file('none.html')))
  assert.not.ok(existsSync(folder.file('response-1.svg')))
})

test('compare and distill make a page beside their own work', () => {
  const compared = folder.run(
    ...['compare', 'drone.json', '--target', 'score', '--events', 'scored.csv', '--report', 'compared.html'],
  )
  assert.is(compared.status, 0, compared.err)
  assert.match(compared.err, /wrote compared\.html\n$/)
  assert.ok(statSync(folder.file('compared.html')).size > 10_000)
  const distilled = folder.run(
    ...['distill', '--target', 'answer', '--features', 'a,b', '--label', 'label', '--events', events],
    ...['--epochs', '3', '--out', 'learnt.json', '--report', 'learnt.html'],
  )
  assert.is(distilled.status, 0, distilled.err)
  assert.match(distilled.err, /wrote learnt\.html\n$/)
  assert.match(read('learnt.html'), /learnt\.json, its teacher column answer, and 80 events of answers\.csv/)
})

for (const [what, args, message] of [
  [
    'compare, from standard input',
    ['compare', 'drone.json', 'drone.json', '--events', '-'],
    '--report: standard input cannot be read a second time; name files with --events',
  ],
  [
    'distill, in the place of the drone',
    ['distill', 'drone.json', '--events', 'scored.csv', '--out', 'x.html'],
    '--report x.html: is also the --out; name another file',
  ],
  [
    'distill, without events',
    ['distill', 'drone.json', '--probe', '10', '--range', 'a=0:1', '--out', 'x.json'],
    '--report: there are no --events to show',
  ],
] as const) {
  test(`refused: --report of ${what}`, () => {
    const { status, err } = folder.run(...args, '--report', 'x.html')
    assert.is(status, 2)
    assert.is(err, `nndrone: ${message}\n`)
    assert.not.ok(existsSync(folder.file('x.html')))
  })
}

test.run()
