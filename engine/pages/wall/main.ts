import '../lib/style.css';
import { openDoor } from '../lib/door';
import { wordsOf } from '../lib/words';

const say = wordsOf({
  title: ['Sigap: dinding', 'Sigap: wall'],
});

openDoor({
  page: 'wall',
  title: () => say('title'),
  enter: (_link, room) => room.replaceChildren(),
});
