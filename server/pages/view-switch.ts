// The switch between grid and list. It needs the script, which shows it; until then it keeps its place.
import { escapedSay, type PageVoice } from '../../public/shared/voice.js';

export function viewSwitch(voice: PageVoice): string {
  const say = escapedSay(voice);
  const choices = (['grid', 'list'] as const).map(
    (view) => `<label><input type=radio name=view value=${view}><span>${say(`view.${view}`)}</span></label>`,
  );
  return `<fieldset id=view-switch class="theme views" hidden><legend>${say('view.label')}</legend>${choices.join('')}</fieldset>`;
}
