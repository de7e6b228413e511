import '../lib/style.css';
import { openDoor } from '../lib/door';
import { wordsOf } from '../lib/words';

const say = wordsOf({
  title: ['Sigap: rumah sakit', 'Sigap: hospital'],
});

openDoor({
  page: 'hospital',
  title: () => say('title'),
  enter: (_link, room) => room.replaceChildren(),
});
