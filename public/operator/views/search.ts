// The search over everything: one field, a list below it that the arrows walk.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { BotRow } from '../../shared/operator-wire.js';
import { findHere, foundOf, isForServer, type Found } from '../find.js';
import { search } from '../requests.js';
import { words } from '../words.js';
import { dot } from './parts.js';

export interface SearchProps {
  bots: readonly BotRow[];
  open: (href: string) => void;
}

const ASK_AFTER_MS = 120;

type Hits = { text: string; found: Found[] | null };

export function Search({ bots, open }: SearchProps): VNode {
  const [text, setText] = useState('');
  const [hits, setHits] = useState<Hits>({ text: '', found: [] });
  const [chosen, setChosen] = useState(0);
  const [isOpen, setOpen] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (!isForServer(text)) return;
    let isCurrent = true;
    const timer = setTimeout(() => {
      void search(text.trim()).then((found) => {
        if (isCurrent) setHits({ text, found: found && foundOf(found) });
      });
    }, ASK_AFTER_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [text]);

  const here = findHere(text, bots);
  const isAsked = isForServer(text);
  const isKnown = !isAsked || hits.text === text;
  const found = [...here, ...(isAsked && isKnown ? (hits.found ?? []) : [])];
  const current = Math.min(chosen, found.length - 1);
  const shows = isOpen && text.trim() !== '' && isKnown;

  const leave = (): void => {
    setOpen(false);
    setText('');
    field.current?.blur();
  };
  const pick = ({ href }: Found): void => {
    leave();
    open(href);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') return leave();
    if (event.key === 'Enter' && found[current]) return pick(found[current]);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || found.length === 0) return;
    event.preventDefault();
    setChosen((current + step + found.length) % found.length);
  };
  const onInput = (event: InputEvent): void => {
    setText((event.currentTarget as HTMLInputElement).value);
    setChosen(0);
    setOpen(true);
  };
  return html`<search class="find">
    <input
      ref=${field}
      id="search"
      type="search"
      value=${text}
      placeholder=${words.search.placeholder}
      aria-label=${words.search.label}
      role="combobox"
      aria-expanded=${shows && found.length > 0}
      aria-controls="found"
      aria-autocomplete="list"
      aria-keyshortcuts="/"
      aria-activedescendant=${shows && found[current] ? `found-${current}` : null}
      autocomplete="off"
      autocapitalize="none"
      spellcheck=${false}
      onInput=${onInput}
      onKeyDown=${onKeyDown}
      onFocus=${() => setOpen(true)}
      onBlur=${() => setOpen(false)}
    />
    <kbd aria-hidden="true">/</kbd>
    <ul id="found" role="listbox" aria-label=${words.search.results} hidden=${!shows || found.length === 0}>
      ${found.map((one, i) => option(one, i, i === current, pick))}
    </ul>
    <p class="found-none" role="status" hidden=${!shows || found.length > 0}>
      ${shows && found.length === 0 ? nothing(isAsked && hits.found === null) : ''}
    </p>
  </search>`;
}

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
