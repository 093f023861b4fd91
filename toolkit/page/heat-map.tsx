/** The score over two inputs, as it is while the others stay: it follows the sliders. */
import type { Drone } from 'nndrone'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { numberText } from '../plots/index.ts'
import { type Slider, widened } from './event.ts'
import { contour, Field, type Plane, SIDE } from './field.ts'

/** Shades from the least score to the greatest, between the seven of the plots. */
const SHADES = 256

interface Props {
  drone: Drone
  sliders: readonly Slider[]
  values: readonly number[]
  output: number
  set(i: number, value: number): void
}

export function HeatMap({ drone, sliders, values, output, set }: Props) {
  const [[x, y], setPair] = useState<[number, number]>([0, 1])
  const canvas = useRef<HTMLCanvasElement>(null)
  const bar = useRef<HTMLCanvasElement>(null)
  const field = useMemo(() => new Field(drone), [drone])
  const shades = useShades()
  const plane: Plane = { x, y, ranges: [widened(sliders[x]!.range), widened(sliders[y]!.range)] }
  const began = performance.now()
  const scores = field.over(values, plane, output)
  const took = performance.now() - began
  const [low, high] = endsOf(scores)
  useEffect(() => {
    paint(canvas.current!, scores, shades, low, high)
    canvas.current!.dataset.milliseconds = took.toFixed(3)
  })
  useEffect(() => paintBar(bar.current!, shades), [shades])
  const name = drone.outputs[output]!
  const cuts = Object.entries(drone.cuts).filter(([, cut]) => cut.output === name)
  const outside = sliders.filter(({ known, range }, i) => {
    return known && i !== x && i !== y && (values[i]! < range[0] || values[i]! > range[1])
  })
  const [left, right, bottom, top] = [sliders[x]!.range, sliders[y]!.range].flatMap(([least, greatest], axis) => {
    const at = (value: number) => cellOf(value, plane.ranges[axis]!)
    return axis === 0 ? [at(least), at(greatest)] : [SIDE - at(least), SIDE - at(greatest)]
  }) as [number, number, number, number]
  const move = (event: PointerEvent) => {
    if (event.buttons === 0 && event.type !== 'pointerdown') return
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect()
    const value = (part: number, [least, greatest]: readonly [number, number]) => {
      return Number((least + Math.min(1, Math.max(0, part)) * (greatest - least)).toPrecision(4))
    }
    set(x, value((event.clientX - box.left) / box.width, plane.ranges[0]))
    set(y, value(1 - (event.clientY - box.top) / box.height, plane.ranges[1]))
  }
  const choose = (axis: 0 | 1) => (event: { currentTarget: HTMLSelectElement }) => {
    const chosen = Number(event.currentTarget.value)
    const pair: [number, number] = [x, y]
    // Who takes the input of the other axis exchanges the two.
    if (pair[1 - axis] === chosen) pair[1 - axis] = pair[axis]!
    pair[axis] = chosen
    setPair(pair)
  }
  return (
    <section aria-label="Heat map">
      <div class="pair">
        <Axis label="Across" value={x} sliders={sliders} choose={choose(0)} />
        <Axis label="Up" value={y} sliders={sliders} choose={choose(1)} />
      </div>
      <p class="ends">
        <span>{numberText(plane.ranges[1][1])}</span>
        <span>{sliders[y]!.name} ↑</span>
      </p>
      <div
        class="map"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          move(event)
        }}
        onPointerMove={move}
      >
        <canvas
          ref={canvas}
          width={SIDE}
          height={SIDE}
          role="img"
          aria-label={`The score over ${sliders[x]!.name} and ${sliders[y]!.name}: from ${numberText(low)} to ${numberText(high)}`}
        />
        <svg viewBox={`0 0 ${SIDE} ${SIDE}`} aria-hidden="true">
          <defs>
            <pattern id="hatch" width="2.5" height="2.5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <path class="hatch" d="M0 0V2.5" />
            </pattern>
          </defs>
          <path
            class="out"
            fill-rule="evenodd"
            d={`M0 0H${SIDE}V${SIDE}H0ZM${left} ${top}H${right}V${bottom}H${left}Z`}
          />
          <path class="range" d={`M${left} ${top}H${right}V${bottom}H${left}Z`} />
          {cuts.map(([cut, { threshold }]) => {
            const d = contour(scores, threshold)
            return (
              <g key={cut}>
                <path class="cut-halo" d={d} />
                <path class="cut" d={d} />
              </g>
            )
          })}
          <Here x={cellOf(values[x]!, plane.ranges[0])} y={SIDE - cellOf(values[y]!, plane.ranges[1])} />
        </svg>
      </div>
      <p class="ends">
        <span>{numberText(plane.ranges[0][0])}</span>
        <span>{sliders[x]!.name} →</span>
        <span>{numberText(plane.ranges[0][1])}</span>
      </p>
      <canvas ref={bar} class="shades" width={SHADES} height={1} />
      <p class="ends">
        <span>{numberText(low)}</span>
        <span>{name}</span>
        <span>{numberText(high)}</span>
      </p>
      <p class="hint">
        <small>
          Hatched: out of the ranges in training{cuts.length > 0 && `; orange: ${cuts.map(([cut]) => cut).join(', ')}`}.
          {outside.length > 0 && ` All of it is, for ${outside[0]!.name} is.`}
        </small>
      </p>
    </section>
  )
}

function Axis({ label, value, sliders, choose }: AxisProps) {
  return (
    <label>
      {label}
      <select value={value} onChange={choose}>
        {sliders.map(({ name }, i) => (
          <option key={i} value={i}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}

interface AxisProps {
  label: string
  value: number
  sliders: readonly Slider[]
  choose(event: { currentTarget: HTMLSelectElement }): void
}

/** The event among them; nothing where it lies beside the map, or a value is missing. */
function Here({ x, y }: { x: number; y: number }) {
  if (!(x >= 0 && x <= SIDE && y >= 0 && y <= SIDE)) return null
  return (
    <>
      <circle class="here-halo" cx={x} cy={y} r="1.3" />
      <circle class="here" cx={x} cy={y} r="1.3" />
    </>
  )
}

function cellOf(value: number, [least, greatest]: readonly [number, number]): number {
  return (SIDE * (value - least)) / (greatest - least)
}

/** 0 to 1, where all scores lie there; else from the least to the greatest. */
function endsOf(scores: Float32Array): [number, number] {
  let [low, high] = [0, 1]
  for (const score of scores) {
    if (score < low) low = score
    if (score > high) high = score
  }
  return [low, high]
}

/** [shades × 4] bytes, of the page's colours, which change with the night. */
function useShades(): Uint8ClampedArray {
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const [night, setNight] = useState(dark.matches)
  useEffect(() => {
    const follow = () => setNight(dark.matches)
    dark.addEventListener('change', follow)
    return () => dark.removeEventListener('change', follow)
  }, [])
  return useMemo(() => {
    const style = getComputedStyle(document.documentElement)
    const steps = Array.from({ length: 7 }, (_, i) => rgb(style.getPropertyValue(`--plot-count${i + 1}`)))
    const bytes = new Uint8ClampedArray(4 * SHADES)
    for (let i = 0; i < SHADES; i++) {
      const at = (i / (SHADES - 1)) * (steps.length - 1)
      const from = Math.min(steps.length - 2, Math.floor(at))
      for (let k = 0; k < 3; k++) {
        bytes[4 * i + k] = steps[from]![k]! + (at - from) * (steps[from + 1]![k]! - steps[from]![k]!)
      }
      bytes[4 * i + 3] = 255
    }
    return bytes
  }, [night])
}

function rgb(hex: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(hex.trim().slice(at, at + 2), 16))
}

/** The least y is drawn at the bottom; what has no score is left clear. */
function paint(canvas: HTMLCanvasElement, scores: Float32Array, shades: Uint8ClampedArray, low: number, high: number) {
  const context = canvas.getContext('2d')!
  const image = context.createImageData(SIDE, SIDE)
  const pixels = new Uint32Array(image.data.buffer)
  const colours = new Uint32Array(shades.buffer)
  const scale = (SHADES - 1) / (high - low)
  for (let n = 0; n < scores.length; n++) {
    if (Number.isNaN(scores[n]!)) continue
    const row = SIDE - 1 - Math.floor(n / SIDE)
    pixels[row * SIDE + (n % SIDE)] = colours[Math.round((scores[n]! - low) * scale)]!
  }
  context.putImageData(image, 0, 0)
}

function paintBar(canvas: HTMLCanvasElement, shades: Uint8ClampedArray) {
  const context = canvas.getContext('2d')!
  const image = context.createImageData(SHADES, 1)
  image.data.set(shades)
  context.putImageData(image, 0, 0)
}
