// Says how the page is connected, and since when what it shows is old; greys it when it may be.
import { escapeHtml } from '../shared/escape.js';
import { isLost, type Page } from './page.js';
import { isNewText } from './touch.js';

export function drawConnection(page: Page): void {
  document.documentElement.dataset.link = isLost(page.link) ? 'lost' : page.link;
  const host = document.querySelector('#connection')!;
  const notice = noticeOf(page);
  if (!isNewText(host, notice) && host.firstElementChild) return;
  host.innerHTML = `<span class=dot></span>${escapeHtml(notice)}`; // anew: the same node, ending where it ended, would count as moved
}

function noticeOf({ link, freshAt, voice }: Page): string {
  const clock = voice.exactClock(freshAt);
  switch (link) {
    case 'connecting':
      return voice.say('live.connecting');
    case 'live':
      return voice.say('live.live');
    case 'polling':
      return voice.say('live.polling');
    case 'lost':
      return voice.say('live.lost', { clock });
    case 'behind':
      return voice.say('live.behind', { clock });
    case 'full':
      return voice.say('live.full', { clock });
  }
}
