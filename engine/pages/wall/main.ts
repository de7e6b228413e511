// The command center's wall: the city as it is now, as it was, and how the day goes. With ?public
// it is what everybody may see (public.ts), without a login.
import '../lib/style.css';
import './wall.css';
import { openDoor } from '../lib/door';
import { WallPage } from './page';
import { openPublic } from './public';
import { say } from './words';

// A wall is dark by default: it is looked at all night.
document.documentElement.dataset.theme = localStorage.getItem('sigap.wall.theme') ?? 'dark';

if (new URLSearchParams(location.search).has('public')) openPublic();
else
  openDoor({
    page: 'wall',
    title: () => say('title'),
    enter: (link, room) => void new WallPage(link, room),
  });
