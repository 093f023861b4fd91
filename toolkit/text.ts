/** Names and values as messages show them. */

/** So many names of a list are shown. */
const LISTED = 10

/** The first ten names of a list, and how many more there are. */
export function listed(names: readonly string[], separator = ', '): string {
  const more = names.length - LISTED
  const first = names.slice(0, LISTED).map(short).join(separator)
  return more > 0 ? `${first} and ${grouped(more)} more` : first
}

/** The beginning of a text, as much as a message has room for. */
export function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}

/** A value in quotes, and short. */
export function quoted(text: string): string {
  return JSON.stringify(short(text))
}

/** The beginning of a value as JSON. What is nested may be so deep that no text can be made of it. */
export function excerpt(value: unknown): string {
  try {
    return short(JSON.stringify(value) ?? 'missing')
  } catch {
    return Array.isArray(value) ? 'an array' : 'an object'
  }
}

/** A whole number in groups of three digits. The first `toLocaleString` of a process would take as long as reading a drone. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',')
}

/** A number of things: `1 event`, `20,000 events`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`
}

/** A question that follows an unknown name, ` (did you mean "pt"?)`; nothing where no name is close to it. */
export function suggested(name: string, names: readonly string[]): string {
  const found = nearest(name, names)
  return found === undefined ? '' : ` (did you mean ${quoted(found)}?)`
}

/** Names are close that differ in at most a third of their letters, and in at most three. Upper and lower case are alike. */
function nearest(name: string, names: readonly string[]): string | undefined {
  let least = Math.min(3, Math.floor(name.length / 3)) + 1
  let found: string | undefined
  for (const other of names) {
    if (Math.abs(other.length - name.length) >= least) continue
    const distance = distanceOf(name.toLowerCase(), other.toLowerCase())
    if (distance < least) [found, least] = [other, distance]
  }
  return found
}

/** How many letters must be added, left out, changed or swapped with the next to turn one word into the other. */
function distanceOf(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const changed = rows[i - 1]![j - 1]! + Number(a[i - 1] !== b[j - 1])
      row[j] = Math.min(changed, rows[i - 1]![j]! + 1, row[j - 1]! + 1)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) row[j] = Math.min(row[j]!, rows[i - 2]![j - 2]! + 1)
    }
    rows.push(row)
  }
  return rows[a.length]![b.length]!
}
