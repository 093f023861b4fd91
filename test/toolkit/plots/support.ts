/** Reads figures back: their paths, their area, their texts. */
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import * as assert from 'uvu/assert'
import { FONT_SIZE, textWidth } from '../../../toolkit/plots/text.ts'

export interface Box {
  text: string
  left: number
  right: number
  top: number
  bottom: number
}

export interface Element {
  name: string
  attributes: Readonly<Record<string, string>>
  text: string
  children: Element[]
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  trimValues: false,
  htmlEntities: true,
})

/** @throws where it is no XML */
export function parsed(svg: string): Element {
  assert.is(XMLValidator.validate(svg), true)
  return element((parser.parse(svg) as Node[]).find((node) => 'svg' in node)!)
}

type Node = Record<string, unknown>

function element(node: Node): Element {
  const name = Object.keys(node).find((key) => key !== ':@')!
  const nodes = node[name] as Node[]
  return {
    name,
    attributes: (node[':@'] ?? {}) as Record<string, string>,
    text: nodes.map((child) => child['#text'] ?? '').join(''),
    children: nodes.filter((child) => !('#text' in child)).map(element),
  }
}

export function all(of: Element, test: (element: Element) => boolean): Element[] {
  return [...(test(of) ? [of] : []), ...of.children.flatMap((child) => all(child, test))]
}

export function withClass(of: Element, name: string): Element[] {
  return all(of, ({ attributes }) => (attributes.class ?? '').split(' ').includes(name))
}

/** Of the area where data are drawn, the first where there are several. */
export function area(svg: Element): { width: number; height: number } {
  const { width, height } = withClass(svg, 'frame')[0]!.attributes
  return { width: Number(width), height: Number(height) }
}

/** The corners of a path of M, L, H and V alone. */
export function corners(path: string): [number, number][] {
  let at: [number, number] = [0, 0]
  return [...path.matchAll(/([MLHV])([^MLHV]*)/g)].map(([, letter, rest]) => {
    const numbers = rest!.split(/[ ,]/).map(Number)
    at = letter === 'H' ? [numbers[0]!, at[1]] : letter === 'V' ? [at[0], numbers[0]!] : [numbers[0]!, numbers[1]!]
    return at
  })
}

/** Where each text stands, by the table of widths; upright ones and what stands in small figures left out. */
export function boxes(svg: Element, x = 0, y = 0): Box[] {
  return svg.children.flatMap((child) => {
    const { transform = '', class: classes = '' } = child.attributes
    if (/rotate/.test(transform) || child.name === 'svg') return []
    const [, dx = '0', dy = '0'] = /^translate\(([-\d.]+) ([-\d.]+)\)/.exec(transform) ?? []
    if (child.name !== 'text') return boxes(child, x + Number(dx), y + Number(dy))
    const width = textWidth(child.text)
    const start =
      x + Number(child.attributes.x) - (/end/.test(classes) ? width : /middle/.test(classes) ? width / 2 : 0)
    const base = y + Number(child.attributes.y)
    return [
      {
        text: child.text,
        left: start,
        right: start + width,
        top: base - FONT_SIZE * 0.8,
        bottom: base + FONT_SIZE * 0.2,
      },
    ]
  })
}

export function overlapping(boxes: readonly Box[]): string[] {
  return boxes.flatMap((a, i) => {
    const others = boxes.slice(i + 1).filter((b) => {
      return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
    })
    return others.map((b) => `${a.text} | ${b.text}`)
  })
}
