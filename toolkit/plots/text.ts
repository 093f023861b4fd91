/** How wide text is, by a table, because there is no page to measure it in; and text cut to fit. */

/** Hundredths of the font's size of the characters from space to `~`: DejaVu Sans, as wide as any usual font. */
const WIDTHS = [
  32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84,
  84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79, 60, 79, 69, 63, 61, 73, 68, 99, 69, 61,
  69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63, 63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59,
  82, 59, 59, 52, 64, 34, 64, 84,
]

const OTHERS: Readonly<Record<string, number>> = { '\u2009': 20, '−': 84, '×': 84, '⁻': 53, '…': 100, '±': 84 }

/** In pixels. */
export const FONT_SIZE = 12

/** Characters that a name keeps where there is room for any number. */
const LONGEST = 200

function characterWidth(character: string): number {
  const code = character.codePointAt(0)!
  const known = WIDTHS[code - 32] ?? OTHERS[character]
  if (known !== undefined) return known
  if (/\p{Mark}/u.test(character)) return 0
  if (/[⁰¹²³⁴-⁹]/u.test(character)) return 40
  // Chinese, Japanese, Korean and pictures are square; the widest letters of other scripts are nearly so.
  return code >= 0x1100 ? 110 : 90
}

/** In pixels, rather too much than too little. */
export function textWidth(text: string): number {
  let width = 0
  for (const character of text) width += characterWidth(character)
  return (width * FONT_SIZE) / 100
}

/** The text on one line, its end replaced by `…` where there is no room for it. */
export function fitted(text: string, room: number): string {
  const characters = [...text.replace(/\s+/g, ' ').trim()]
  let width = 0
  let kept = 0
  const ellipsis = textWidth('…')
  for (const [i, character] of characters.entries()) {
    width += (characterWidth(character) * FONT_SIZE) / 100
    if (width + ellipsis <= room) kept = i + 1
    if (width > room) return kept > 0 ? `${characters.slice(0, kept).join('')}…` : ''
  }
  return characters.join('')
}

/** A name of any length as it stands in a title or a description. */
export function shortened(text: string): string {
  const characters = [...text.replace(/\s+/g, ' ').trim()]
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST - 1).join('')}…` : characters.join('')
}
