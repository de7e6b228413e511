import '../lib/style.css';
import { openDoor } from '../lib/door';
import { wordsOf } from '../lib/words';

const say = wordsOf({
  title: ['Sigap: perencana', 'Sigap: planner'],
});

openDoor({
  page: 'planner',
  title: () => say('title'),
  enter: (_link, room) => room.replaceChildren(),
});
