// On the other Node.js: the rooms that touch its files and processes.
import { testRooms } from './rooms.js';

testRooms(['log', 'process']);
