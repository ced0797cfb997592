// The search over everything: one field, a list below it that the arrows walk.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { BotRow } from '../../shared/operator-wire.js';
import { findHere, foundOf, isForServer, type Found } from '../find.js';
import { search } from '../requests.js';
import { words } from '../words.js';
import { useNarrow } from './narrow.js';
import { dot } from './parts.js';

export interface SearchProps {
  bots: readonly BotRow[];
  open: (href: string) => void;
}

const ASK_AFTER_MS = 120;

/** What is found for a text; while the server is asked, it is not known yet. */
interface Hits {
  found: Found[];
  isKnown: boolean;
  hasFailed: boolean;
}

function useHits(text: string, bots: readonly BotRow[]): Hits {
  const [answer, setAnswer] = useState<{ text: string; found: Found[] | null }>({ text: '', found: [] });
  const isAsked = isForServer(text);
  useEffect(() => {
    if (!isAsked) return;
    let isCurrent = true;
    const timer = setTimeout(() => {
      void search(text.trim()).then((found) => {
        if (isCurrent) setAnswer({ text, found: found && foundOf(found) });
      });
    }, ASK_AFTER_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [text]);
  if (!isAsked) return { found: findHere(text, bots), isKnown: true, hasFailed: false };
  const isKnown = answer.text === text;
  return { found: isKnown ? (answer.found ?? []) : [], isKnown, hasFailed: isKnown && !answer.found };
}

export function Search({ bots, open }: SearchProps): VNode {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const [isOpen, setOpen] = useState(false);
  const [isHasty, setHasty] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const { found, isKnown, hasFailed } = useHits(text, bots);
  const current = Math.min(chosen, found.length - 1);
  const shows = isOpen && text.trim() !== '' && isKnown;

  const type = (typed: string): void => {
    setText(typed);
    setChosen(0);
    setHasty(false);
    setOpen(true);
  };
  const leave = (): void => {
    type('');
    setOpen(false);
    field.current?.blur();
  };
  const pick = ({ href }: Found): void => {
    leave();
    open(href);
  };
  useEffect(() => {
    if (isHasty && isKnown && found[0]) pick(found[0]);
  }, [isHasty, isKnown]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') return leave();
    if (event.key === 'Enter') return found[current] ? pick(found[current]) : setHasty(!isKnown);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || found.length === 0) return;
    event.preventDefault();
    setChosen((current + step + found.length) % found.length);
  };
  const isNarrow = useNarrow();
  const input = html`<input
    ref=${field}
    value=${text}
    placeholder=${isNarrow && !isOpen ? words.search.short : words.search.placeholder}
    aria-expanded=${shows && found.length > 0}
    aria-activedescendant=${shows && found[current] ? `found-${current}` : null}
    onInput=${(event: InputEvent) => type((event.currentTarget as HTMLInputElement).value)}
    onKeyDown=${onKeyDown}
    onFocus=${() => setOpen(true)}
    onBlur=${() => setOpen(false)}
    ...${FIELD}
  />`;
  return html`<search class="find">
    ${input}<kbd aria-hidden="true">/</kbd>
    <ul id="found" role="listbox" aria-label=${words.search.results} hidden=${!shows || found.length === 0}>
      ${found.map((one, i) => option(one, i, i === current, pick))}
    </ul>
    <p class="found-none" role="status" hidden=${!shows || found.length > 0}>
      ${shows && found.length === 0 ? nothing(hasFailed) : ''}
    </p>
  </search>`;
}

const FIELD = {
  id: 'search',
  type: 'search',
  role: 'combobox',
  'aria-label': words.search.label,
  'aria-controls': 'found',
  'aria-autocomplete': 'list',
  'aria-keyshortcuts': '/',
  autocomplete: 'off',
  autocapitalize: 'none',
  spellcheck: false,
};

const nothing = (hasFailed: boolean): string => (hasFailed ? words.search.failed : words.search.none);

function option(one: Found, index: number, isChosen: boolean, pick: (one: Found) => void): VNode {
  const onPointerDown = (event: Event): void => {
    event.preventDefault(); // the field keeps the focus until it is done
    pick(one);
  };
  return html`<li
    key=${one.href}
    id=${`found-${index}`}
    role="option"
    aria-selected=${isChosen}
    onPointerDown=${onPointerDown}
  >
    <small>${words.search.kinds[one.kind]}</small> <span>${one.text}</span>
    ${one.group ? html`<em>${dot(one.group)} ${one.state}</em>` : null}
  </li>`;
}
