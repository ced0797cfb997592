// On the other Node.js: the rooms that touch its sockets. What is pure, or rides on these, is the same there.
import { testRooms } from './rooms.js';

testRooms(['http', 'member/reporter']);
