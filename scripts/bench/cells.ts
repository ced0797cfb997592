// The cells of the bench's table: figures in words, rows in Markdown.

export type Row = [what: string, shardlight: string, bare: string, ratio: string, aim: string];

const HEAD: Row = ['what', 'Shardlight', 'bare uWS', 'ratio', 'aim'];

export const whole = (value: number): string => Math.round(value).toLocaleString('en');
export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
export const ms = (value: number): string => `${value.toFixed(1)} ms`;
export const bytes = (value: number): string =>
  value < 1_024
    ? `${whole(value)} B`
    : value < 1_048_576
      ? `${(value / 1_024).toFixed(1)} KB`
      : `${(value / 1_048_576).toFixed(1)} MB`;

export function markdown(rows: Row[]): string {
  const all = [HEAD, ...rows];
  const widths = HEAD.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const line = (cells: string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [line(HEAD), rule, ...rows.map(line)].join('\n');
}
