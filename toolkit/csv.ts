/** A cell of a CSV file: in quotes where its text would break the line or the row. */
export function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
