// A table of any length: only the rows in sight are drawn, and it is a table all the same, for eyes, ears and keys.
import { html } from 'htm/preact';
import type { ComponentChildren, RefObject, VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Grade } from '../grades.js';
import type { Sort } from '../place.js';
import { useNarrow } from './narrow.js';
import { cellLabel, named } from './parts.js';
import { nextRow, scrollTo, windowOf, type Sight } from '../windowing.js';

export interface Column<T> {
  key: string;
  label: string;
  isNumber: boolean;
  cell: (row: T) => ComponentChildren;
  grade?: ((row: T) => Grade) | undefined;
}

export interface TableProps<T> {
  /** What it lists, for who cannot see it. */
  label: string;
  /** Names the widths of its columns in the style. */
  kind: string;
  columns: readonly Column<T>[];
  /** How high a row is where rows stack, as in the style. */
  stackedRem: number;
  rows: readonly T[];
  keyOf: (row: T) => string;
  /** Where a row leads. */
  hrefOf: (row: T) => string;
  /** The words of the link in the first column, and what it is called where that is not enough. */
  linkOf: (row: T) => string;
  nameOf: (row: T) => string;
  rowClass?: (row: T) => string;
  /** Where its rows are. */
  body?: RefObject<HTMLTableSectionElement | null>;
  sort: Sort | null;
  onSort: ((column: Column<T>) => void) | null;
  open: (row: T) => void;
  /** What stands there without rows. */
  empty: string;
}

/** As in the style. */
const ROW_HEIGHT = 36;
const HEAD_HEIGHT = 36;
interface Heights {
  row: number;
  head: number;
}

/** In large type a stacked row has one column in place of two: so many times as high. */
const TIGHT_REM = 19;
const TIGHT_TIMES = 1.5;

/** Where rows stack there is no head, and they grow with the text. */
function heightsOf(isStacked: boolean, stackedRem: number): Heights {
  if (!isStacked) return { row: ROW_HEIGHT, head: HEAD_HEIGHT };
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  return { row: stackedRem * rem * (innerWidth < TIGHT_REM * rem ? TIGHT_TIMES : 1), head: 0 };
}

/** Where the table is scrolled to, and how much of it is in sight. */
function usePlace(host: RefObject<HTMLDivElement | null>): {
  place: { scrollTop: number; height: number };
  look: () => void;
} {
  const [place, setPlace] = useState({ scrollTop: 0, height: 720 });
  const look = (): void => {
    const { scrollTop, clientHeight: height } = host.current!;
    setPlace((before) =>
      before.scrollTop === scrollTop && before.height === height ? before : { scrollTop, height },
    );
  };
  useLayoutEffect(() => {
    look();
    const observer = new ResizeObserver(look);
    observer.observe(host.current!);
    return () => observer.disconnect();
  }, []);
  return { place, look };
}

export function DataTable<T>(props: TableProps<T>): VNode {
  const { label, kind, rows, keyOf } = props;
  const host = useRef<HTMLDivElement>(null);
  const mustFocus = useRef(false);
  const { place, look } = usePlace(host);
  const isStacked = useNarrow();
  const heights = heightsOf(isStacked, props.stackedRem);
  const [active, setActive] = useState<string | null>(null);
  const sight: Sight = {
    ...place,
    height: place.height - heights.head,
    rowHeight: heights.row,
    count: rows.length,
  };
  const { from, to } = windowOf(sight);
  const drawn = rows.slice(from, to);
  const tabStop = drawn.some((row) => keyOf(row) === active) ? active : drawn[0] && keyOf(drawn[0]);
  useLayoutEffect(() => {
    const link = mustFocus.current && host.current!.querySelector<HTMLElement>('tbody a[tabindex="0"]');
    if (!link || link.dataset.key !== active) return;
    mustFocus.current = false;
    link.focus({ preventScroll: true });
  });

  const onKeyDown = (event: KeyboardEvent): void => {
    const link = (event.target as HTMLElement).closest<HTMLElement>('tbody a');
    if (!link || event.ctrlKey || event.metaKey || event.altKey) return;
    const row = rows.findIndex((one) => keyOf(one) === link.dataset.key);
    const page = Math.max(1, Math.floor(sight.height / heights.row) - 1);
    const next = nextRow(event.key, row, rows.length, page);
    if (next === undefined || !rows[next]) return;
    event.preventDefault();
    mustFocus.current = true;
    setActive(keyOf(rows[next]));
    host.current!.scrollTop = scrollTo(next, { ...sight, scrollTop: host.current!.scrollTop });
    look();
  };

  const style = { '--row': `${heights.row}px` };
  return html`<div
    class=${`table ${kind}`}
    style=${style}
    ref=${host}
    onScroll=${look}
    onKeyDown=${onKeyDown}
  >
    <table aria-label=${label} aria-rowcount=${rows.length + 1}>
      ${tableHead(props)}
      <tbody ref=${props.body}>
        ${spacer('before', from, heights)}
        ${drawn.map((row, i) => bodyRow(row, from + i, props, keyOf(row) === tabStop, isStacked))}
        ${spacer('after', rows.length - to, heights)}
      </tbody>
    </table>
    ${rows.length === 0 ? html`<p class="quiet empty">${props.empty}</p>` : null}
  </div>`;
}

const tableHead = <T>(props: TableProps<T>): VNode =>
  html`<colgroup>
      ${props.columns.map(({ key }) => html`<col key=${key} class=${`c-${key}`} />`)}
    </colgroup>
    <thead>
      <tr aria-rowindex="1">
        ${props.columns.map((column) => headCell(column, props))}
      </tr>
    </thead>`;

const spacer = (key: string, rows: number, { row }: Heights): VNode | null =>
  rows > 0
    ? html`<tr key=${key} class="spacer" aria-hidden="true">
        <td style=${{ height: `${rows * row}px` }}></td>
      </tr>`
    : null;

function headCell<T>(column: Column<T>, { sort, onSort }: TableProps<T>): VNode {
  const { key, label, isNumber } = column;
  const isSorted = sort?.column === key;
  const order = !isSorted ? 'none' : sort.descending ? 'descending' : 'ascending';
  const content = onSort
    ? html`<button type="button" onClick=${() => onSort(column)}>
        ${label}<span class="arrow" aria-hidden="true"></span>
      </button>`
    : label;
  return html`<th key=${key} scope="col" class=${isNumber ? 'number' : ''} aria-sort=${onSort ? order : null}>
    ${content}
  </th>`;
}

/** A number is the same in every language; how long something lasts is words. */
function contentOf<T>({ cell, isNumber }: Column<T>, row: T): ComponentChildren {
  const content = cell(row);
  return isNumber && typeof content === 'string' ? named(content) : content;
}

function bodyRow<T>(
  row: T,
  index: number,
  props: TableProps<T>,
  isTabStop: boolean,
  isStacked: boolean,
): VNode {
  const { columns, keyOf, hrefOf, linkOf, nameOf, rowClass, open } = props;
  const key = keyOf(row);
  const link = html`<a
    href=${hrefOf(row)}
    data-key=${key}
    translate=${false}
    tabindex=${isTabStop ? 0 : -1}
    aria-label=${nameOf(row)}
    >${linkOf(row)}</a
  >`;
  const onClick = (event: MouseEvent): void => {
    if (!(event.target as HTMLElement).closest('a') && !getSelection()?.toString()) open(row);
  };
  return html`<tr key=${key} aria-rowindex=${index + 2} class=${rowClass?.(row) ?? ''} onClick=${onClick}>
    ${columns.map((column, i) => {
      const grade = column.grade?.(row) ?? 'neutral';
      const name = `${column.isNumber ? 'number' : ''} ${grade === 'neutral' ? '' : grade}`.trim();
      return i === 0
        ? html`<th key=${column.key} scope="row" class=${name}>${link}</th>`
        : html`<td key=${column.key} class=${`c-${column.key} ${name}`}>
            ${isStacked ? cellLabel(column.label) : null}${contentOf(column, row)}
          </td>`;
    })}
  </tr>`;
}
