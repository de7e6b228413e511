import '../lib/style.css';
import { openDoor } from '../lib/door';
import { wordsOf } from '../lib/words';

const say = wordsOf({
  title: ['Sigap: penelepon', 'Sigap: caller'],
});

openDoor({
  page: 'caller',
  title: () => say('title'),
  enter: (_link, room) => room.replaceChildren(),
});
