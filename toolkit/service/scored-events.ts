/** Scores events as they arrive in a request. */
import { openStream } from '../events/index.ts'
import { asText, scoreFormat } from '../events/write/index.ts'
import { type Scores, score } from '../jobs/score.ts'
import type { Model } from '../models/model.ts'
import { excerpt, quoted } from '../text.ts'
import { Failure, failureOf } from './failure.ts'
import type { Exchange, Kit } from './kit.ts'
import { checkLength, type Limits, STREAMS, tooLarge, within } from './limits.ts'
import type { Served } from './served.ts'
import { servedFor } from './v2.ts'

/** Bytes of answers that are held for a client which sends all its events before it reads. */
const HELD = 1 << 24

export async function scoredEvents(kit: Kit, exchange: Exchange): Promise<Response> {
  const served = servedFor(kit, exchange)
  exchange.served = served
  const most = STREAMS * kit.limits.body
  checkLength(exchange, most)
  const onError = exchange.context.req.query('on-error') ?? 'fail'
  if (!/^(fail|skip|null)$/.test(onError))
    throw new Failure(400, `on-error: ${excerpt(onError)}, expected fail, skip or null`)
  const onFault = onError === 'fail' ? undefined : () => onError === 'null'
  const events = await openStream('the request', arriving(exchange.request, kit.limits, most), { onFault })
  const taken = events.columns?.find((name) => served.outputs.includes(name))
  if (taken !== undefined)
    throw new Failure(400, `${quoted(taken)} is also the name of a score; rename it in the events`)
  const format = scoreFormat(undefined, events.format)
  const scores = await score({ model: modelOf(served), events, keep: ['all'], whole: format.takesWhole })
  const writer = await format.writer(scores)
  const pieces = texts(scores, writer)
  // What is wrong with the first events can still be said by the status.
  const first = await pieces.next()
  const type = events.format === 'ndjson' ? 'application/x-ndjson' : 'text/csv; charset=utf-8'
  return exchange.answer(streamed(kit, exchange, served, scores, first, pieces), type)
}

async function* texts(scores: Scores, writer: Awaited<ReturnType<ReturnType<typeof scoreFormat>['writer']>>) {
  const begin = writer.begin?.() ?? ''
  let begun = false
  for await (const { scores: some, kept } of scores) {
    const text = asText(writer.scores(some, kept))
    yield begun ? text : `${begin}${text}`
    begun = true
  }
  if (!begun) yield begin as string
}

function streamed(
  kit: Kit,
  exchange: Exchange,
  served: Served,
  scores: Scores,
  first: IteratorResult<string, void>,
  rest: AsyncGenerator<string, void>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let finish!: () => void
  exchange.finished = new Promise((resolve) => {
    finish = resolve
  })
  let next: IteratorResult<string, void> | undefined = first
  const end = () => {
    exchange.events = scores.count
    finish()
  }
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = next ?? (await rest.next())
          next = undefined
          if (!done) return controller.enqueue(encoder.encode(value))
          served.meters.done((performance.now() - exchange.began) / 1000)
          end()
          controller.close()
        } catch (error) {
          const { message, status } = failureOf(error)
          kit.log.tell(status >= 500 ? 'error' : 'warning', 'a stream of events broke off', {
            id: exchange.id,
            error: status >= 500 ? String(error) : message,
          })
          served.meters.failed(status < 500 ? 'REJECTED' : 'OTHER')
          end()
          // The answer is not whole, and whoever reads it must not take it for such.
          // On Node the connection is cut here: its server would end the answer as if it were whole.
          const { outgoing } = (exchange.context.env ?? {}) as { outgoing?: { destroy(): void } }
          if (!outgoing) return controller.error(new Error(message))
          outgoing.destroy()
          controller.close()
        }
      },
      async cancel() {
        served.meters.failed('CANCELED')
        end()
        await rest.return()
      },
    },
    { highWaterMark: HELD, size: (chunk) => chunk.byteLength },
  )
}

/** The bytes of a body as they arrive. */
async function* arriving(request: Request, { time }: Required<Limits>, most: number): AsyncGenerator<Uint8Array> {
  const reader = request.body?.getReader()
  if (!reader) return
  let length = 0
  try {
    for (;;) {
      const { done, value } = await within(time, reader.read() as Promise<ReadableStreamReadResult<Uint8Array>>)
      if (done) return
      length += value.length
      if (length > most) throw tooLarge(most)
      yield value
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}

/** A served version as jobs ask it. */
function modelOf(served: Served): Model {
  const { name, inputs, outputs, source } = served
  const defaults = source.drone?.network.inputs.filter((input) => input.default !== undefined) ?? []
  return {
    ...{ file: { path: name, name }, inputs, outputs, optional: new Set(defaults.map((input) => input.name)) },
    predictBatch: (events) => served.score(events),
    describe: () => ({ format: source.platform }),
  }
}
