/** Protocol buffers: what is written is read again, and bytes that are no message are refused. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  bytesOf,
  decode,
  encode,
  integerField,
  integerOf,
  mapped,
  messageField,
  ProtobufError,
  textField,
  textOf,
} from '../../../toolkit/models/protobuf.ts'
import { seeded } from '../../support.ts'
import { fixture } from './support.ts'

const test = suite('models: protobuf')

test('numbers, texts and messages', () => {
  // The examples of the specification: 150 in field 1, "testing" in field 2, the former as a message in field 3.
  assert.equal([...encode([integerField(1, 150)])], [0x08, 0x96, 0x01])
  assert.equal(Buffer.from(encode([textField(2, 'testing')])).toString('hex'), '120774657374696e67')
  assert.equal([...encode([messageField(3, [integerField(1, 150)])])], [0x1a, 0x03, 0x08, 0x96, 0x01])
  const fields = decode(encode([integerField(1, -1), integerField(1000, 2n ** 40n), textField(2, 'π')]))
  assert.equal([integerOf(fields, 1), integerOf(fields, 1000), textOf(fields, 2)], [-1, 2 ** 40, 'π'])
  assert.equal([integerOf(fields, 3), textOf(fields, 3), bytesOf(fields, 3)], [0, '', []])
})

test('a model is the same after it was read and written, fields that are not known included', () => {
  for (const name of ['two', 'columns', 'double', 'external']) {
    const bytes = fixture('onnx', `${name}.onnx`)
    assert.equal(Buffer.from(encode(decode(bytes))), bytes)
    const inside = mapped(decode(bytes), 7, (graph) => mapped(graph, 1, (node) => node))
    assert.equal(Buffer.from(encode(inside)), bytes)
  }
  const wide = Uint8Array.from([0x0d, 1, 2, 3, 4, 0x11, 1, 2, 3, 4, 5, 6, 7, 8])
  assert.equal(encode(decode(wide)), wide)
})

test('bytes that are no message', () => {
  const refuse = (message: string, ...bytes: number[]) =>
    assert.throws(
      () => decode(Uint8Array.from(bytes)),
      (error: Error) => error instanceof ProtobufError && error.message === message,
    )
  refuse('a number is cut short', 0x08)
  refuse('a number is cut short', 0x08, 0x80)
  refuse('a number of more than ten bytes', 0x08, ...Array(11).fill(0xff))
  refuse('a field of 9 bytes, but 1 are left', 0x0a, 9, 0)
  refuse('a field of 8 bytes, but 2 are left', 0x09, 0, 0)
  refuse('a field without a number', 0x02, 0)
  refuse('a field of type 3', 0x0b)
})

test('any bytes are a message or refused', () => {
  const random = seeded(5)
  for (let n = 0; n < 2000; n++) {
    const bytes = Uint8Array.from({ length: random.below(40) }, () => random.below(256))
    try {
      decode(bytes)
    } catch (error) {
      if (!(error instanceof ProtobufError)) throw error
    }
  }
})

test.run()
