/**
 * A script of WebAssembly's own tests that loads a drone and a module that drives it: that makes events, scores them, and
 * makes a number of all the bits. The same number is made here, of the drone's scores.
 */
import { Drone, type Network } from 'nndrone'

const [MULTIPLIER, INCREMENT, SEED] = [6364136223846793005n, 1442695040888963407n, 88172645463325252n]
const [PRIME, BASIS] = [1099511628211n, 14695981039346656037n]
const [SIGN, EXPONENT, FRACTION] = [0x8000000000000000n, 0x7ff0000000000000n, 0x000fffffffffffffn]

/** The number that the driver must find. */
export function hashOf(network: Network, count: number): bigint {
  const [width, height] = [network.inputs.length, network.outputs.length]
  const words = new BigUint64Array(count * width)
  const events = new Float64Array(words.buffer)
  let state = SEED
  for (let i = 0; i < words.length; i++) {
    state = BigInt.asUintN(64, state * MULTIPLIER + INCREMENT)
    const kind = (state >> 33n) & 31n
    if (kind === 0n) words[i] = state
    else if (kind === 1n) words[i] = state | EXPONENT
    else if (kind === 2n) words[i] = (state & SIGN) | EXPONENT
    else if (kind === 3n) words[i] = state & SIGN
    else if (kind === 4n) words[i] = state & (SIGN | FRACTION)
    else events[i] = Number(BigInt.asIntN(64, state) >> 40n) * 2 ** -21
  }
  const scores = Drone.from(network).predictBatch(events)
  const bits = new Uint32Array(scores.buffer)
  let hash = BASIS
  for (let i = 0; i < count * height; i++) {
    hash = BigInt.asUintN(64, (hash ^ (Number.isNaN(scores[i]) ? 0x7fc00000n : BigInt(bits[i]!))) * PRIME)
  }
  return hash
}

/** A script that passes where the module finds `hash`. */
export function driver(drone: Uint8Array, { inputs, outputs }: Network, count: number, hash: bigint): string {
  const bytes = Array.from(drone, (byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('')
  return `(module $drone binary "${bytes}")
(register "drone" $drone)
(module
  (import "drone" "memory" (memory 1))
  (import "drone" "inputs" (func $inputs (result i32)))
  (import "drone" "outputs" (func $outputs (result i32)))
  (import "drone" "event" (func $event (result i32)))
  (import "drone" "answer" (func $answer (result i32)))
  (import "drone" "score" (func $score (result f32)))
  (global $state (mut i64) (i64.const ${SEED}))
  (func $value (result f64)
    (local $kind i64)
    (global.set $state (i64.add (i64.mul (global.get $state) (i64.const ${MULTIPLIER})) (i64.const ${INCREMENT})))
    (local.set $kind (i64.and (i64.shr_u (global.get $state) (i64.const 33)) (i64.const 31)))
    (if (i64.eq (local.get $kind) (i64.const 0))
      (then (return (f64.reinterpret_i64 (global.get $state)))))
    (if (i64.eq (local.get $kind) (i64.const 1))
      (then (return (f64.reinterpret_i64 (i64.or (global.get $state) (i64.const ${EXPONENT}))))))
    (if (i64.eq (local.get $kind) (i64.const 2))
      (then (return (f64.reinterpret_i64 (i64.or (i64.and (global.get $state) (i64.const ${SIGN})) (i64.const ${EXPONENT}))))))
    (if (i64.eq (local.get $kind) (i64.const 3))
      (then (return (f64.reinterpret_i64 (i64.and (global.get $state) (i64.const ${SIGN}))))))
    (if (i64.eq (local.get $kind) (i64.const 4))
      (then (return (f64.reinterpret_i64 (i64.and (global.get $state) (i64.const ${SIGN | FRACTION}))))))
    (f64.mul (f64.convert_i64_s (i64.shr_s (global.get $state) (i64.const 40))) (f64.const 0x1p-21)))
  (func (export "run") (param $count i32) (result i64)
    (local $hash i64) (local $i i32) (local $score f32) (local $bits i32)
    (local.set $hash (i64.const ${BASIS}))
    (if (i32.or (i32.ne (call $inputs) (i32.const ${inputs.length})) (i32.ne (call $outputs) (i32.const ${outputs.length})))
      (then (return (i64.const 0))))
    (loop $events
      (local.set $i (i32.const 0))
      (loop $values
        (f64.store (i32.add (call $event) (i32.shl (local.get $i) (i32.const 3))) (call $value))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $values (i32.lt_u (local.get $i) (call $inputs))))
      (drop (call $score))
      (local.set $i (i32.const 0))
      (loop $scores
        (local.set $score (f32.load (i32.add (call $answer) (i32.shl (local.get $i) (i32.const 2)))))
        (local.set $bits (i32.reinterpret_f32 (local.get $score)))
        (if (f32.ne (local.get $score) (local.get $score))
          (then (local.set $bits (i32.const 0x7fc00000))))
        (local.set $hash (i64.mul (i64.xor (local.get $hash) (i64.extend_i32_u (local.get $bits))) (i64.const ${PRIME})))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $scores (i32.lt_u (local.get $i) (call $outputs))))
      (local.set $count (i32.sub (local.get $count) (i32.const 1)))
      (br_if $events (local.get $count)))
    (local.get $hash)))
(assert_return (invoke "run" (i32.const ${count})) (i64.const ${hash}))
`
}
