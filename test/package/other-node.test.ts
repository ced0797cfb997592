// On the other Node.js: the rooms that touch what Node.js gives. What is pure, or rides on these, is the same there.
import { testRooms } from './rooms.js';

testRooms(['http', 'log', 'process', 'member/reporter']);
