// On the other Node.js: the rooms behind what is served, and the member client.
import { testRooms } from './rooms.js';

testRooms(['branding', 'compat', 'config', 'core', 'feed', 'ingest', 'log', 'member/reporter']);
