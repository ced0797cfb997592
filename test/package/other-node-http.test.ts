// On the other Node.js: the rooms that serve and are asked. The browser tests, and those that kill, are about other things.
import { testRooms } from './rooms.js';

testRooms(['api', 'http']);
