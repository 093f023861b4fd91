import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { duration, histogram } from '../../toolkit/cli/view/histogram.ts'
import { quantile, timeBlocks, timeSingle } from '../../toolkit/models/timing.ts'
import { Folder, someDrone } from './support.ts'

const test = suite('bench')
const folder = new Folder()
test.after(() => folder.remove())

const spin = (milliseconds: number) => {
  for (const end = performance.now() + milliseconds; performance.now() < end; );
}

test('blocks and single calls measure what a call takes', async () => {
  const blocks = await timeBlocks(() => spin(0.05), 100)
  assert.ok(blocks.median >= 50_000, `median ${blocks.median} ns`)
  assert.ok(blocks.p99 >= blocks.median)
  const waited = await timeBlocks(async () => spin(0.05), 100)
  assert.ok(waited.median >= 50_000, `a promise: ${waited.median} ns`)
  let [under, most] = [0, 0]
  await timeBlocks(async () => {
    most = Math.max(most, ++under)
    await new Promise(setImmediate)
    under--
  }, 10)
  assert.is(most, 1, 'one question at a time')
  const calls = await timeSingle((n) => spin(n % 10 === 0 ? 1 : 0.05), 100, 10_000)
  assert.is(calls.length, 100)
  assert.ok(quantile(calls, 0.5) < 1e6 && quantile(calls, 0.95) >= 1e6, 'the rare long call is seen')
})

test('the histogram counts every call, each in its bin', () => {
  const calls = Float64Array.from([...Array(90).fill(120), ...Array(9).fill(1500), 2e6]).sort()
  const lines = histogram(calls, 40).trimEnd().split('\n')
  assert.match(lines[0]!, /^ {2}100 ns +90 █+/)
  assert.ok(lines.some((line) => /^ {4}1 µs +9 █+/.test(line)))
  assert.match(lines.at(-1)!, /^ 1\.58 ms +1 /)
  assert.ok(lines.every((line) => line.length <= 40))
  const counted = lines.reduce((sum, line) => sum + Number(/s +(\d+)/.exec(line)![1]), 0)
  assert.is(counted, 100)
})

test('durations have a unit that fits', () => {
  const shown = [0.5, 97.3, 999.6, 1500, 999_400, 2.5e6, 3e9].map(duration)
  assert.equal(shown, ['0.5 ns', '97.3 ns', '1 µs', '1.5 µs', '999 µs', '2.5 ms', '3 s'])
})

test('the command measures a drone, and a teacher beside it', () => {
  someDrone(folder)
  const { status, out, err } = folder.run('bench', 'drone.json', 'drone.json', '--json')
  assert.is(status, 0, err)
  const { clock, models, ratio } = JSON.parse(out)
  assert.ok(clock > 0)
  assert.is(models.length, 2)
  for (const { one, batch, single } of models) {
    assert.ok(one.median > 0 && one.p99 >= one.median && batch.median > 0)
    assert.ok(single.calls > 1000 && single.p50 <= single.p99 && single.p99 <= single.p999)
    assert.ok(single.p90 <= single.p99 && single.p999 <= single.p9999 && single.p9999 <= 1.001 * single.largest)
  }
  assert.ok(ratio.one > 0.1 && ratio.one < 10)
})

test('calls at a rate, and their percentiles for other programs', () => {
  someDrone(folder)
  const { status, out, err } = folder.run(
    ...(['bench', 'drone.json', '--rate', '20000', '--hgrm', 'drone.hgrm', '--json'] as const),
  )
  assert.is(status, 0, err)
  const { atRate } = JSON.parse(out).models[0]
  const { rate, made, added, all, own, pauses, tail } = atRate
  assert.is(rate, 20_000)
  // What is due while the last call of a segment lasts is counted too.
  assert.ok(made + added >= 100_000 * 0.999, `${made} + ${added} calls in 5 seconds`)
  assert.is(all.calls, made + added)
  assert.ok(own.calls <= all.calls && own.p50 <= all.p50 && tail.paused <= tail.calls && tail.calls <= 0.01 * all.calls)
  for (const { count, total, longest } of Object.values<Record<string, number>>(pauses)) {
    assert.ok(count! >= 0 && total! >= longest!)
  }
  const hgrm = readFileSync(folder.file('drone.hgrm'), 'utf8').trimEnd().split('\n')
  assert.is(hgrm[0], '       Value     Percentile TotalCount 1/(1-Percentile)')
  const rows = hgrm.filter((line) => /^ *\d/.test(line)).map((line) => line.trim().split(/ +/).map(Number))
  assert.ok(rows.length > 50)
  for (const [n, [value, percentile, count]] of rows.entries()) {
    const [before, lower, fewer] = rows[n - 1] ?? [0, -1, 0]
    assert.ok(value! >= before! && percentile! > lower! && count! >= fewer!)
  }
  assert.is(rows.at(-1)![2], all.calls)
  assert.is(
    hgrm
      .at(-2)!
      .match(/Total count +=(.*)\]/)![1]!
      .trim(),
    String(all.calls),
  )
})

test('a rate and a file that make no sense are refused before anything is measured', () => {
  someDrone(folder)
  for (const [args, message] of [
    [['--rate', '0.5'], '--rate 0.5: expected 1 to 10,000,000 calls a second'],
    [['--rate', '2e7'], '--rate 20000000: expected 1 to 10,000,000 calls a second'],
    [['--hgrm', 'drone.json'], '--hgrm drone.json: is an input of this command (<drone>); name another file'],
    [['--hgrm', 'none/a.hgrm'], 'none/a.hgrm: there is no folder none'],
  ] as const) {
    const { status, err } = folder.run('bench', 'drone.json', ...args)
    assert.ok(status === 2 || message.startsWith('none'))
    assert.is(err, `nndrone: ${message}\n`)
  }
})

test('a program and a service beside the drone', async () => {
  someDrone(folder)
  folder.write(
    'program.mjs',
    `import { createInterface } from 'node:readline'
for await (const line of createInterface({ input: process.stdin })) {
  const { a } = JSON.parse(line)
  console.log(JSON.stringify({ score: a }))
}`,
  )
  const command = folder.run('bench', 'drone.json', '--teacher-command', 'node program.mjs', '--json')
  assert.is(command.status, 0, command.err)
  const { models, ratio } = JSON.parse(command.out)
  assert.equal(
    models.map(({ name }: { name: string }) => name),
    ['drone.json', 'node'],
  )
  assert.ok(ratio.one > 1)
  const both = folder.run('bench', 'drone.json', 'drone.json', '--teacher-url', 'http://127.0.0.1:1/v2/models/a')
  assert.equal(
    [both.status, both.err],
    [2, 'nndrone: a file, --teacher-command and --teacher-url: name only one of them\n'],
  )
  const absent = folder.run('bench', 'drone.json', '--teacher-url', 'http://127.0.0.1:1/v2/models/a')
  assert.is(absent.status, 1)
  assert.match(absent.err, /^nndrone: http:\/\/127\.0\.0\.1:1\/v2\/models\/a: /)
})

test.run()
