// A table of a few rows, all of them drawn; on phones each row is a block, whose cells name their columns.
import { html } from 'htm/preact';
import type { ComponentChildren, VNode } from 'preact';
import { useNarrow } from './narrow.js';
import { cellLabel, named } from './parts.js';

export interface PlainColumn<T> {
  label: string;
  isNumber?: boolean;
  /** Nothing: on phones there is no line for it. */
  cell: (row: T) => ComponentChildren;
}

export interface PlainTableProps<T> {
  columns: readonly PlainColumn<T>[];
  rows: readonly T[];
  keyOf: (row: T) => string;
  rowClass?: (row: T) => string;
}

export const plainTable = <T>(props: PlainTableProps<T>): VNode => html`<${PlainTable} ...${props} />`;

function PlainTable<T>({ columns, rows, keyOf, rowClass }: PlainTableProps<T>): VNode {
  const isStacked = useNarrow();
  const head = ({ label, isNumber }: PlainColumn<T>): VNode =>
    label === ''
      ? html`<td key=${label}></td>`
      : html`<th key=${label} scope="col" class=${isNumber ? 'number' : ''}>${label}</th>`;
  const body = (row: T): VNode =>
    html`<tr key=${keyOf(row)} class=${rowClass?.(row) ?? ''}>
      ${columns.map((column, i) => cellOf(column, row, i === 0, isStacked))}
    </tr>`;
  return html`<table class="plain-table">
    <thead>
      <tr>
        ${columns.map(head)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(body)}
    </tbody>
  </table>`;
}

function cellOf<T>(
  { label, isNumber, cell }: PlainColumn<T>,
  row: T,
  isFirst: boolean,
  isStacked: boolean,
): VNode {
  const content = cell(row);
  const shown = isNumber && typeof content === 'string' ? named(content) : content;
  const isNothing = content === null || content === '';
  const name = `${isNumber ? 'number' : ''} ${isNothing ? 'nothing' : ''}`.trim();
  return isFirst
    ? html`<th key=${label} scope="row" class=${name}>${shown}</th>`
    : html`<td key=${label} class=${name}>
        ${isStacked && label !== '' ? cellLabel(label) : null}${shown}
      </td>`;
}
