// The lookup in the browser: the guild ID is turned into a shard here and never leaves.
import { anchorOf, isBrief, worstFirst, type Kept } from '../shared/answer.js';
import { readGuild, shardOfQuery } from '../shared/guild.js';
import { shardViewOf } from '../shared/shard.js';
import { drawAnswer, type Answer, type Found } from './answer.js';
import { fetchShard, isOutdated } from './details.js';
import { tilesOfBot } from './drawn.js';
import { guildOf, linkTo, putInAddress, remember, remembered } from './kept.js';
import { chooseView } from './list.js';
import type { Page } from './page.js';

export class Lookup {
  #answer: Answer | null = null;
  #text = '';
  /** What was found, as it is kept: the ID alone, or `@me`. */
  #guild: string | null = null;
  #copy: Kept['copy'] = 'copy';
  #remembered = remembered();
  readonly #page: Page;
  readonly #reveal: (bot: string, shard: number) => void;
  readonly #input = document.querySelector<HTMLInputElement>('#guild')!;

  /** `reveal` leads to a tile. */
  constructor(page: Page, reveal: (bot: string, shard: number) => void) {
    this.#page = page;
    this.#reveal = reveal;
    document.querySelector('#lookup')!.addEventListener('submit', (event) => {
      event.preventDefault();
      this.ask(this.#input.value);
      putInAddress(this.#guild);
    });
    this.#input.addEventListener('keydown', ({ key }) => key === 'Escape' && this.clear());
    addEventListener('hashchange', () => this.#askHash());
    addEventListener('keydown', (event) => this.#slash(event));
    this.#askAddress();
  }

  /** Answers what was typed, pasted, linked or remembered. */
  ask(text: string): void {
    this.#text = text;
    this.#copy = 'copy';
    this.#input.value = text;
    this.#resolve();
  }

  clear(): void {
    this.#text = '';
    this.#answer = null;
    this.#guild = null;
    this.#input.value = '';
    putInAddress(null);
    this.#mark();
    this.#draw();
    this.#input.focus({ preventScroll: true });
  }

  /** The view changed or time went by. */
  refresh(): void {
    if (this.#answer) this.#draw();
  }

  #draw(): void {
    const isRemembered = this.#guild !== null && this.#guild === this.#remembered;
    const kept: Kept = { copy: this.#copy, remember: isRemembered ? 'forget' : 'remember' };
    drawAnswer(this.#answer, kept, this.#page, {
      show: (bot) => this.#show(this.#found.findIndex((shard) => shard.bot === bot)),
      copy: () => void this.#copyLink(this.#guild!),
      remember: () => this.#remember(isRemembered ? null : this.#guild),
      clear: () => this.clear(),
    });
  }

  #remember(guild: string | null): void {
    remember(guild);
    this.#remembered = remembered();
    this.#draw();
  }

  /** Where the clipboard is out of reach, as on plain http, the link is put where it can be copied by hand. */
  async #copyLink(guild: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(linkTo(guild));
      this.#copy = 'copied';
    } catch {
      putInAddress(guild);
      this.#copy = 'copy.failed';
    }
    this.refresh();
  }

  /** Sections were drawn anew, shard counts may have changed: find the shards again. */
  renew(): void {
    if (this.#answer?.kind === 'found') this.#resolve();
  }

  get #found(): Found[] {
    return this.#answer?.kind === 'found' ? this.#answer.shards : [];
  }

  #resolve(): void {
    const read = readGuild(this.#text);
    this.#guild = read.ok ? (read.query.kind === 'guild' ? read.query.id : '@me') : null;
    if (read.ok) {
      const bots = this.#page.view.bots.filter((bot) => bot.shardCount > 0);
      const views = bots.map((bot) => shardViewOf(bot, shardOfQuery(read.query, bot.shardCount)));
      const shards = worstFirst(views).map((view, index) => ({
        ...view,
        isBrief: isBrief(view, index),
        fetched: null,
        askedAt: 0,
      }));
      this.#answer = { kind: 'found', direct: read.query.kind === 'direct', shards };
    } else this.#answer = { kind: 'refused', reason: read.reason };
    this.#mark();
    this.refresh();
    for (const shard of this.#found) void this.#fetch(shard);
  }

  /** To be called now and then: asks again for what the view does not carry. */
  keepDetails(): void {
    const { view, now } = this.#page;
    for (const found of this.#found) {
      const bot = view.bots.find(({ key }) => key === found.bot);
      if (bot && isOutdated(bot, found.shard, found, now())) void this.#fetch(found);
    }
  }

  async #fetch(found: Found): Promise<void> {
    found.askedAt = this.#page.now();
    found.fetched = await fetchShard(found.bot, found.shard);
    this.refresh();
  }

  #mark(): void {
    for (const tile of document.querySelectorAll('.marked')) {
      tile.classList.remove('marked');
      tile.removeAttribute('id');
    }
    this.#found.forEach(({ bot, shard }, index) => {
      const tile = tilesOfBot(bot)[shard];
      tile?.classList.add('marked');
      tile?.setAttribute('id', anchorOf(index, bot));
    });
  }

  /** The one thing that scrolls: an answer is read where it was asked for. */
  #show(index: number): void {
    const found = this.#found[index];
    if (!found) return;
    chooseView('grid');
    this.#reveal(found.bot, found.shard);
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const tile = tilesOfBot(found.bot)[found.shard];
    tile?.scrollIntoView({ block: 'center', behavior: calm ? 'auto' : 'smooth' });
  }

  /** `#guild=ID` stays in the browser; `?guild=ID` was answered by the server and is now kept up to date. */
  #askAddress(): void {
    const asked = guildOf(location.search) ?? this.#remembered;
    if (!this.#askHash() && asked !== null) this.ask(asked);
    delete document.documentElement.dataset['asked'];
  }

  #askHash(): boolean {
    const asked = guildOf(location.hash.slice(1));
    if (asked !== null) this.ask(asked);
    return asked !== null;
  }

  #slash(event: KeyboardEvent): void {
    const typing = (event.target as Element).matches('input, textarea, select, [contenteditable]');
    if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.#input.focus();
    this.#input.select();
  }
}
