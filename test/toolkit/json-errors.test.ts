/** --json: what goes wrong is an object on standard output too, with the same exit code and line as without. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Folder, someAnswers, someDrone } from './support.ts'

const test = suite('errors as JSON')
const folder = new Folder()
test.after(() => folder.remove())

test('one object, whatever went wrong', () => {
  someDrone(folder)
  someAnswers(folder)
  const cases: [args: string[], status: number, error: string][] = [
    [['inspect', 'nowhere.json'], 1, 'nowhere.json: no such file'],
    [
      ['predict', 'drone.json', '--events', 'answers.csv'],
      1,
      'answers.csv: no column "c"; there are a, b, label, answer',
    ],
    [
      ['compare', 'drone.json', '--events', 'answers.csv'],
      2,
      'no teacher given; name one, or a column of recorded answers with --target',
    ],
    [
      ['distill', '--target', 'answer', '--events', 'answers.csv', '--features', 'answer'],
      2,
      '--features: "answer" is also the target; an answer cannot be an input',
    ],
    [['bench', 'drone.json', '--foo'], 2, "unknown option '--foo'"],
    [['bench'], 2, "missing required argument 'drone'"],
    [
      ['predict', 'drone.json', '--limit', '0'],
      2,
      "option '--limit <n>' argument '0' is invalid. Expected a whole number from 1.",
    ],
  ]
  for (const [args, status, error] of cases) {
    const { out, err, ...run } = folder.run(...args, '--json')
    assert.is(run.status, status)
    assert.is(out, `${JSON.stringify({ error })}\n`)
    assert.ok(err.startsWith(`nndrone: ${error}\n`), err)
    assert.equal(folder.run(...args).out, '', 'nothing where nobody asked for JSON')
  }
})

test('a word of that name behind two dashes is none, and help is no error', () => {
  assert.is(folder.run('inspect', '--', '--json').out, '')
  assert.match(folder.run('inspect', '--json', '--help').out, /^Usage: nndrone inspect /)
})

test.run()
