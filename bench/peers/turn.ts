/** The process of one rival, by its name: answers each task with nanoseconds an event, once it has checked the scores. */
import { checkScores, eventsOf, networkOf, rowsOf, type Sizes } from './networks.ts'
import { Lacking, type Prepared } from './rival.ts'
import { rivals } from './rivals/index.ts'
import { type Answer, eventCount, median, type Task } from './task.ts'

const rival = rivals.find(({ name }) => name === process.argv[2])!

/** Scores all events of a task so many times. */
type Run = (times: number) => Promise<void>

/** What comes last is kept: a compiler may leave out what nobody can see. */
const seen: { scores?: Float32Array } = {}

function single({ one }: Prepared, rows: number[][]): Run {
  const scores = new Float32Array(rows.length)
  seen.scores = scores
  return async (times) => {
    for (; times > 0; times--) {
      const first = one(rows[0]!)
      if (typeof first === 'number') {
        for (let n = 1; n < rows.length; n++) scores[n] = one(rows[n]!) as number
      } else {
        await first
        for (let n = 1; n < rows.length; n++) await one(rows[n]!)
      }
    }
  }
}

function batched({ batch }: Prepared, batches: Float32Array[]): Run {
  return async (times) => {
    for (; times > 0; times--) {
      for (const events of batches) {
        const answer = batch(events)
        seen.scores = answer instanceof Promise ? await answer : answer
      }
    }
  }
}

/** A task's run, once its scores were checked. */
async function runOf(task: Task): Promise<Run> {
  const { sizes, batch } = task
  const prepared = await preparedFor(sizes)
  const events = eventsOf(sizes, eventCount(task))
  if (batch === 0) {
    const rows = rowsOf(sizes[0]!, events)
    const scores: number[] = []
    for (const row of rows) scores.push(await prepared.one(row))
    checkScores(sizes, 0, scores)
    return single(prepared, rows)
  }
  const step = batch * sizes[0]!
  const batches = Array.from({ length: events.length / step }, (_, k) => events.subarray(k * step, (k + 1) * step))
  for (const [k, some] of batches.entries()) checkScores(sizes, k * batch, await prepared.batch(some))
  return batched(prepared, batches)
}

const known = new Map<string, Promise<Prepared>>()

function preparedFor(sizes: Sizes): Promise<Prepared> {
  const prepared = known.get(sizes.join()) ?? rival.prepare(networkOf(sizes))
  known.set(sizes.join(), prepared)
  return prepared
}

/** Looks at the clock are so far apart that they cost nothing, in ms. */
const APART = 0.2

/** Nanoseconds an event: the median of runs. The first fifth of the time, or more, is for getting warm. */
async function timed(run: Run, events: number, milliseconds: number): Promise<number> {
  let passes = 0
  const start = performance.now()
  for (; performance.now() < start + milliseconds / 5; passes++) await run(1)
  const times = Math.ceil((APART * passes) / (performance.now() - start))
  const each: number[] = []
  for (let now = performance.now(), end = now + milliseconds; now < end; ) {
    await run(times)
    const after = performance.now()
    each.push(((after - now) * 1e6) / (times * events))
    now = after
  }
  return median(each)
}

const runs = new Map<string, Run>()

/** The first time a task is asked for, it is timed twice: by then V8 has compiled what runs often. */
async function answer(task: Task): Promise<Answer> {
  const key = `${task.sizes} ${task.batch}`
  try {
    const run = runs.get(key) ?? (await runOf(task))
    if (!runs.has(key)) await timed(run, eventCount(task), 2 * task.milliseconds)
    runs.set(key, run)
    return { nanoseconds: await timed(run, eventCount(task), task.milliseconds) }
  } catch (error) {
    return error instanceof Lacking ? { lacking: error.message } : { error: String((error as Error).stack) }
  }
}

process.on('message', async (task: Task) => process.send!(await answer(task)))
