// Which view of Fleet it is: all of it, a fleet or a bot.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { Verdict } from '../health.js';
import type { Place } from '../place.js';
import type { RowMap } from '../rows.js';
import type { ViewProps } from '../scripts.js';
import { BotView, botVerdict } from './bot-view.js';
import { FleetView, fleetVerdict } from './fleet.js';
import { fleetsVerdict, fleetsView } from './fleets.js';

export function fleetScriptView({ state, doing, show }: ViewProps): VNode {
  const { place, now, scope } = state;
  const { rows } = scope;
  if (place.view === 'fleet')
    return html`<${FleetView} key=${place.fleet} ...${{ place, rows, now, doing, show }} />`;
  if (place.view === 'bot')
    return html`<${BotView} key=${place.bot} ...${{ place, rows, now, doing, show }} />`;
  return fleetsView(rows, doing);
}

export function fleetScriptVerdict(place: Place, rows: RowMap): Verdict {
  if (place.view === 'fleet') return fleetVerdict(rows, place.fleet);
  return place.view === 'bot' ? botVerdict(rows, place.bot) : fleetsVerdict(rows);
}
