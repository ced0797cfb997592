// What a bot and its clusters are called: an operator's word, the configuration's, the bot's own, and never our own words.
import t from 'tap';
import { botView, shardView } from '../../server/core/views/view.js';
import { ONLINE } from '../../public/shared/states.js';
import { makeVoice } from '../../public/shared/voice.js';
import { languages } from '../../public/shared/languages.js';
import { beatOf, registration, rulesWith, Scene, T0 } from './scene.js';

void t.test(
  'a name an operator set comes first, then the configured, then the username, then the key',
  (t) => {
    const configured = { key: 'main', shardCount: 1, name: 'Configured' };
    for (const [configuredBots, name] of [
      [[configured], 'Configured'],
      [[{ ...configured, name: 'main' }], 'Username'],
    ] as const) {
      const { world, tell } = sceneOf(rulesWith({ configuredBots: [...configuredBots] }));
      tell(registration('a', T0, { name: 'Username' }));
      t.equal(world.bots.get('main')!.name, name);
      tell({ type: 'set-bot', at: T0, bot: 'main', name: 'Set', shardCount: null });
      tell(beatOf('a', T0 + 1, { name: 'Renamed' }));
      t.equal(world.bots.get('main')!.name, 'Set');
    }
    t.end();
  },
);

void t.test('a username that comes with a beat is a change, once', (t) => {
  const scene = new Scene(rulesWith({ learnBots: true }));
  scene.tell(registration('a', T0, { bot: 'music' }));
  t.equal(scene.world.bots.get('music')!.name, 'music', 'somebody chose that key');
  const told = [0, 1].map((i) => {
    scene.tell(beatOf('a', T0 + i, { name: 'Music' }));
    return scene.facts.filter(({ type }) => type === 'bot').length;
  });
  t.same(told, [1, 0]);
  t.equal(scene.world.bots.get('music')!.name, 'Music');
  t.end();
});

void t.test('the public reads neither "main" nor "default #1"', (t) => {
  const scene = new Scene(rulesWith({ learnBots: true, configuredBots: [] }));
  scene.tell(registration('a', T0, { fleet: 'default' }));
  scene.tell(beatOf('a', T0, { rows: [{ id: 0, state: ONLINE, latencyMs: null }] }));
  const bot = scene.world.bots.get('main')!;
  const { name, clusters } = botView(scene.world, bot, true);
  t.same([name, clusters], ['This bot', [{ name: 'cluster #1', shards: '0' }]]);
  t.match(shardView(scene.world, bot, 0, true), { name: 'This bot', cluster: 'cluster #1' });
  t.end();
});

void t.test('a bot without a name is said in the form that the sentence needs', (t) => {
  const said = (lang: keyof typeof languages): string[] => {
    const { live } = languages[lang].words;
    const { say } = makeVoice({ lang, words: live, clockLocale: lang, utc: true });
    return [say('verdict.up.one', { bots: 'This bot' }), say('verdict.up', { total: 4, bots: 'This bot' })];
  };
  t.same(said('en'), ['This bot is online.', 'All 4 shards of this bot are online.']);
  t.same(said('de'), ['Dieser Bot ist online.', 'Alle 4 Shards von diesem Bot sind online.']);
  t.end();
});

function sceneOf(rules: ReturnType<typeof rulesWith>): { world: Scene['world']; tell: Scene['tell'] } {
  const scene = new Scene(rules);
  return { world: scene.world, tell: (event) => scene.tell(event) };
}

void t.test('a name that would turn around what stands beside it is shown without that', (t) => {
  const scene = new Scene(rulesWith({ learnBots: true }));
  const turning = '\u202easia\u2067';
  scene.tell(registration('a', T0, { bot: 'music', fleet: turning }));
  scene.tell(beatOf('a', T0, { rows: [{ id: 0, state: ONLINE, latencyMs: null }] }));
  scene.tell({ type: 'set-bot', at: T0, bot: 'music', name: 'My\u202e Bot', shardCount: null });
  const bot = scene.world.bots.get('music')!;
  t.equal(bot.name, 'My Bot');
  t.same(botView(scene.world, bot, true).clusters, [{ name: 'asia #1', shards: '0' }]);
  t.match(shardView(scene.world, bot, 0, true), { cluster: 'asia #1' });
  t.equal(scene.world.clusters.get('a')!.fleet, turning, 'it is looked up as it was said');
  t.end();
});
