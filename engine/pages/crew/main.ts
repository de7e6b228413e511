import '../lib/style.css';
import { openDoor } from '../lib/door';
import { wordsOf } from '../lib/words';

const say = wordsOf({
  title: ['Sigap: kru', 'Sigap: crew'],
});

openDoor({
  page: 'crew',
  title: () => say('title'),
  enter: (_link, room) => room.replaceChildren(),
});
