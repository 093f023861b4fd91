/** nndrone stream --verify */
import { basename } from 'node:path'
import { isPlace, placeOf } from '../../brokers/nats/address.ts'
import { type Verification, verifyStream } from '../../brokers/nats/verify.ts'
import { counted } from '../../text.ts'
import { connectTo, durableFor, sourceOf, targetOf } from '../options/nats.ts'
import { progressBar } from '../view/progress.ts'
import { standardOutput } from '../view/stdout.ts'
import { table } from '../view/terminal.ts'
import type { StreamCommandOptions } from './options.ts'

export async function verify(drone: string, options: StreamCommandOptions): Promise<void> {
  const { server, stream, filter } = sourceOf(options.from)
  const target = targetOf(options.to)
  const name = nameOf(drone)
  const from = await connectTo(server, 'nndrone stream verify')
  const to = target.server === server ? from : await connectTo(target.server, 'nndrone stream verify')
  const bar = progressBar('reading', 1, options.json)
  try {
    const found = await verifyStream({
      ...{ from, to, stream, filter, subject: target.subject, drone: name },
      durable: options.durable ?? durableFor(name),
      dead: options.onError === 'dead' ? (options.dead ?? `${target.subject}.dead`) : undefined,
      onProgress: (done, total) => bar.update(done / total),
    })
    bar.stop()
    const isWhole = found.double === 0 && (found.unanswered === 0 || leavesOut(options))
    standardOutput().write(
      options.json ? `${JSON.stringify({ ...found, verified: isWhole }, null, 2)}\n` : asText(found, isWhole, options),
    )
    if (!isWhole) process.exitCode = 1
  } finally {
    bar.stop()
    await from.close()
    if (to !== from) await to.close()
  }
}

/** As the workers name it. */
function nameOf(drone: string): string {
  if (!isPlace(drone)) return basename(drone).replace(/\.\w+$/, '')
  const { bucket, key } = placeOf(drone)
  return key ?? bucket
}

/** Whether messages may be without an answer, and rightly. */
function leavesOut({ onError, onlyPassing }: StreamCommandOptions): boolean {
  return onError === 'skip' || onlyPassing === true
}

function asText(found: Verification, isWhole: boolean, options: StreamCommandOptions): string {
  const named = (count: number, sequences: readonly number[]) => {
    return count === 0
      ? 'none'
      : `${counted(count, 'message')}: ${sequences.join(', ')}${count > sequences.length ? ', …' : ''}`
  }
  const facts = table([
    ['acknowledged', counted(found.messages, 'message')],
    ['scored', counted(found.scored, 'event')],
    ['dead letters', counted(found.refused, 'event')],
    ['without an answer', named(found.unanswered, found.unanswereds)],
    ['answered twice', named(found.double, found.doubles)],
    ['answers to messages that are gone', counted(found.gone, 'message')],
    ['still waiting', counted(found.pending, 'message')],
    ['being scored', counted(found.unacknowledged, 'message')],
  ])
  const caveat =
    leavesOut(options) && found.unanswered > 0
      ? 'Messages that were left out on purpose are among those without an answer.\n'
      : ''
  const verdict = isWhole
    ? 'Every event that was acknowledged has one score or dead letter.'
    : 'Not every event has exactly one score or dead letter.'
  return `${facts}${caveat}${verdict}\n`
}
