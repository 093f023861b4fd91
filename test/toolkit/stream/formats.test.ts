/** Messages of every format, and every kind that cannot be scored, through the command and a real server. */
import { headers } from '@nats-io/transport-node'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { shortest } from '../../../bindings/index.ts'
import { ended, Folder, someDrone } from '../support.ts'
import { type Client, type Server, type Stored, stored, until, withServer } from './nats.ts'

const test = suite('stream: formats')

function formatted(format: string, more: Record<string, string> = {}) {
  const given = headers()
  for (const [name, value] of Object.entries({ 'Nndrone-Format': format, ...more })) given.set(name, value)
  return { headers: given }
}

const bytesOf = (numbers: Float32Array | Float64Array) => new Uint8Array(numbers.buffer)
const textOf = ({ body }: Stored) => Buffer.from(body).toString()

/** Runs a worker until everything is acknowledged, and stops it. */
async function scoreAll(folder: Folder, server: Server, { jsm }: Client, ...args: string[]): Promise<string> {
  const child = folder.start('stream', ...args, '--from', `${server.url}/EVENTS`, '--to', `${server.url}/scores`)
  let told = ''
  child.stderr.on('data', (text) => {
    told += text
  })
  const over = ended(child)
  await until('all acknowledged', async () => {
    if (child.exitCode !== null) return true
    for await (const { num_pending, num_ack_pending } of jsm.consumers.list('EVENTS')) {
      return num_pending + num_ack_pending === 0
    }
    return false
  })
  child.kill('SIGTERM')
  assert.is(await over, child.exitCode)
  return told
}

async function streams({ jsm }: Client): Promise<void> {
  await jsm.streams.add({ name: 'EVENTS', subjects: ['events.>'] })
  await jsm.streams.add({ name: 'SCORES', subjects: ['scores', 'scores.dead'] })
}

withServer(
  test,
  'every format is answered in kind, and what cannot be scored goes to the dead letters alone',
  async (server) => {
    const folder = new Folder()
    const drone = someDrone(folder)
    const client = await server.client()
    const { js } = client
    await streams(client)
    const score = (a: number, b: number, c: number) => drone.predict([a, b, c])
    const sent: [body: string | Uint8Array, options?: ReturnType<typeof formatted>][] = [
      ['{"a":1,"b":2,"c":3,"id":7}'],
      ['{"a":1,"b":2,"c":3,"id":8}\n{"a":"x","c":1}\r\n\nnope\n{"a":1,"c":3,"id":9}\n{"a":1,"b":5,"c":null}\n'],
      ['{"a":1,"b":2}'],
      ['[1,5,3]'],
      [
        bytesOf(new Float64Array([1, 2, 3, 4, Number.NaN, 6])),
        formatted('f64', { Run: '5', 'Nats-Expected-Stream': 'EVENTS' }),
      ],
      [bytesOf(new Float32Array([0.1, 0.2, 0.3])), formatted('f32')],
      [new Uint8Array(23), formatted('f64')],
      ['{"a":1,"c":'],
      ['', formatted('ndjson')],
      [new Uint8Array([0xff, 0xfe, 0x7b])],
      ['{"a":1,"b":2,"c":3}', formatted('xml')],
      ['{\n  "a": 4,\n  "c": 6\n}'],
      [`{"a":1,"b":2,"c":3,"${drone.outputs[0]}":1}`],
    ]
    for (const [body, options] of sent) await js.publish('events.x', body, options)
    const told = await scoreAll(folder, server, client, 'drone.json', '--keep', 'all')
    assert.match(told, /: drone drone, version [0-9a-f]{12}, durable nndrone-drone\n/)
    assert.match(told, /\n8 events of 13 messages scored in /)
    assert.match(told, /\n10 events could not be scored: see the dead letters\n$/)

    const answers = await stored(client, 'SCORES', 'scores')
    const output = drone.outputs[0]!
    const scored = (a: number, b: number, c: number) => `"${output}":${shortest(score(a, b, c))}}`
    assert.equal(answers.slice(0, 3).map(textOf), [
      `{"a":1,"b":2,"c":3,"id":7,${scored(1, 2, 3)}`,
      `{"a":1,"b":2,"c":3,"id":8,${scored(1, 2, 3)}\n{"a":1,"c":3,"id":9,${scored(1, 2, 3)}\n`,
      `[1,5,3,${shortest(score(1, 5, 3))}]`,
    ])
    assert.is(textOf(answers[5]!), `{   "a": 4,   "c": 6,${scored(4, 2, 6)}`)
    assert.is(answers.length, 6)
    const rows = new Float32Array(new Uint8Array(answers[3]!.body).buffer)
    assert.equal([...rows], [score(1, 2, 3), score(4, 2, 6)])
    const single = new Float32Array(new Uint8Array(answers[4]!.body).buffer)
    assert.equal([...single], [score(...([0.1, 0.2, 0.3].map(Math.fround) as [number, number, number]))])
    const { hash, id, ...known } = named(answers[1]!)
    assert.match(hash!, /^[0-9a-f]{64}$/)
    assert.match(id!, /^EVENTS:\d+:2:nndrone-drone:drone:0$/)
    assert.equal(known, {
      format: 'ndjson',
      drone: 'drone',
      version: hash!.slice(0, 12),
      source: 'EVENTS/2',
      events: '0-4/5',
      refused: '1,2,4',
    })
    assert.is(answers[3]!.headers.get('Run'), '5')
    assert.is(answers[3]!.headers.get('Nats-Expected-Stream'), undefined)
    assert.is(answers[3]!.headers.get('Nndrone-Outputs'), output)

    const sequence = (letter: Stored) =>
      Number(named(letter).source!.split('/')[1]) * 10 + Number(named(letter).index ?? 0)
    const letters = (await stored(client, 'SCORES', 'scores.dead')).sort((a, b) => sequence(a) - sequence(b))
    const refusals = letters.map((letter) => {
      const { source, index, reason, events } = named(letter)
      return [source, index, events, reason, textOf(letter)]
    })
    assert.equal(refusals, [
      ['EVENTS/2', '1', '1-1/5', '"a": "x" is not a number', '{"a":"x","c":1}'],
      ['EVENTS/2', '2', '2-2/5', '"nope" is not JSON; each line holds an event, an object or an array', 'nope'],
      ['EVENTS/2', '4', '4-4/5', '"c": missing, and this input has no default', '{"a":1,"b":5,"c":null}'],
      ['EVENTS/3', '0', '0-0/1', '"c": missing', '{"a":1,"b":2}'],
      [
        'EVENTS/7',
        undefined,
        '0-0/1',
        '23 bytes of f64, expected a multiple of 24: rows of 3 numbers of 8 bytes (a, b, c)',
        '\0'.repeat(23),
      ],
      [
        'EVENTS/8',
        '0',
        '0-0/1',
        '"{\\"a\\":1,\\"c\\":" is not JSON; each line holds an event, an object or an array',
        '{"a":1,"c":',
      ],
      ['EVENTS/9', undefined, '0-0/1', 'empty, expected an event as JSON', ''],
      [
        'EVENTS/10',
        undefined,
        '0-0/1',
        'not UTF-8; name the format of rows of numbers in the header',
        Buffer.from([0xff, 0xfe, 0x7b]).toString(),
      ],
      [
        'EVENTS/11',
        undefined,
        '0-0/1',
        'format "xml" is not known, expected json, ndjson, f32, f64',
        '{"a":1,"b":2,"c":3}',
      ],
      [
        'EVENTS/13',
        '0',
        '0-0/1',
        `"${output}" is also the name of a score; rename it, or name the keys to keep`,
        `{"a":1,"b":2,"c":3,"${output}":1}`,
      ],
    ])

    const verified = folder.run(
      'stream',
      'drone.json',
      '--from',
      `${server.url}/EVENTS`,
      '--to',
      `${server.url}/scores`,
      '--verify',
      '--json',
    )
    assert.is(verified.status, 0, verified.err)
    assert.equal(JSON.parse(verified.out), {
      ...{ messages: 13, scored: 8, refused: 10, gone: 0, double: 0, doubles: [], unanswered: 0, unanswereds: [] },
      ...{ pending: 0, unacknowledged: 0, verified: true },
    })
    folder.remove()
  },
)

function named({ headers }: Stored): Record<string, string | undefined> {
  const names = ['Format', 'Drone', 'Version', 'Hash', 'Source', 'Events', 'Refused', 'Index', 'Reason']
  const known = names.map((name) => [name.toLowerCase(), headers.get(`Nndrone-${name}`)])
  return Object.fromEntries([...known, ['id', headers.get('Nats-Msg-Id')]].filter(([, value]) => value !== undefined))
}
test.run()
