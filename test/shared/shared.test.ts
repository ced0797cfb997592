// What server and browser share: guild → shard, patches, ranges, words, tiles, verdicts.
import './guild.js';
import './patch.js';
import './reconnect.js';
import './speech.js';
import './section.js';
import './grid.js';
import './latest.js';
import './script.js';
import './trouble.js';
import './words.js';
