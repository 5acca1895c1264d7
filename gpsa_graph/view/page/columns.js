// Two columns: civil society on the left, public bodies on the right, a line for the cases that join them; a block a country.
const NAMES = 1200;

/** Pairs of a civil society organisation and a public body, with the cases they share. */
function pairs() {
  const found = new Map();
  G.nodes.forEach((node, c) => {
    if (node.k !== CASE || !passes[c]) return;
    const who = k => [...new Set(adjacent[c].map(([, o]) => o).filter(o => G.nodes[o].k === k && shownNode[o]))];
    for (const a of who(1)) for (const b of who(2)) { const key = a * 1e6 + b; if (!found.has(key)) found.set(key, { a, b, cases: [] }); found.get(key).cases.push(c); }
  });
  return [...found.values()];
}
/** The names of each country, both columns in an order that crosses few lines: by the middle of what each is joined to. */
function blocks(list) {
  const near = new Map(), made = new Map();
  for (const p of list) for (const [i, o] of [[p.a, p.b], [p.b, p.a]]) { if (!near.has(i)) near.set(i, []); near.get(i).push(o); }
  for (const i of [...near.keys()].sort((x, y) => Math.min(...G.nodes[x].cases) - Math.min(...G.nodes[y].cases) || x - y)) {
    const h = G.nodes[i].h; if (!made.has(h)) made.set(h, { h, left: [], right: [] });
    made.get(h)[G.nodes[i].k === 1 ? 'left' : 'right'].push(i);
  }
  for (const block of made.values()) for (let turn = 0; turn < 4; turn++) for (const [mine, other] of [['right', 'left'], ['left', 'right']]) {
    const at = new Map(block[other].map((i, n) => [i, n / block[other].length]));
    const mid = new Map(block[mine].map(i => { const there = near.get(i).filter(o => at.has(o)); return [i, there.length ? there.reduce((s, o) => s + at.get(o), 0) / there.length : 9]; }));
    block[mine].sort((x, y) => mid.get(x) - mid.get(y) || x - y);
  }
  const name = b => G.islands[b.h].id === 'several-countries' ? '\uffff' : G.islands[b.h].l;
  return [...made.values()].sort((a, b) => (name(a) < name(b) ? -1 : 1));
}
function drawColumns(sheet) {
  let kept = pairs().sort((p, q) => q.cases.length - p.cases.length || p.a - q.a || p.b - q.b), said = '';
  if (!kept.length) return sheet.replaceChildren(el('p', {}, 'No case that is shown names both a civil society organisation and a public body.'));
  const picked = byId.has(state.node) ? byId.get(state.node) : -1, total = kept.length;
  const mine = p => p.a === picked || p.b === picked || p.cases.includes(picked);
  if (new Set(kept.flatMap(p => [p.a, p.b])).size > NAMES) {
    const few = new Set();
    kept = [...kept.filter(mine), ...kept.filter(p => !mine(p))].filter(p => { if (few.size < NAMES) { few.add(p.a); few.add(p.b); } return few.has(p.a) && few.has(p.b); });
    said = ` ${thousands(kept.length)} of ${thousands(total)} pairs are drawn, those with most cases; filter to see others, or use the table.`;
  }
  const wide = Math.max(300, sheet.clientWidth - 36), narrow = wide < 620, row = narrow ? 38 : 24, mid = narrow ? wide * .14 : Math.min(220, wide * .26);
  const lx = (wide - mid) / 2, rx = (wide + mid) / 2, room = lx - 22, f = `400 13px ${FONT}`, place = new Map();
  const root = svg('svg', { width: wide, class: 'columns', role: 'group', 'aria-label': 'Civil society organisations and the public bodies they worked with' }), lines = svg('g', { fill: 'none' });
  let y = 26;
  const heads = [svg('text', { x: lx, y: 14, 'text-anchor': 'end', class: 'head' }, `Civil society (${new Set(kept.map(p => p.a)).size})`), svg('text', { x: rx, y: 14, class: 'head' }, `Public bodies (${new Set(kept.map(p => p.b)).size})`)];
  for (const block of blocks(kept)) {
    const tall = Math.max(block.left.length, block.right.length);
    heads.push(svg('line', { x1: 0, x2: wide, y1: y + 2, y2: y + 2, class: 'rule' }), svg('text', { x: 0, y: y + 19, class: 'soft' }, G.islands[block.h].l));
    y += 24;
    for (const side of ['left', 'right']) block[side].forEach((i, n) => place.set(i, y + (n + .5 + (tall - block[side].length) / 2) * row));
    y += tall * row + 8;
  }
  for (const p of kept) {
    const y1 = place.get(p.a), y2 = place.get(p.b), m = (lx + rx) / 2, on = picked >= 0 && mine(p), far = G.nodes[p.a].h !== G.nodes[p.b].h;
    lines.append(svg('path', { d: `M${lx + 9} ${y1}C${m} ${y1} ${m} ${y2} ${rx - 9} ${y2}`, 'stroke-width': 1 + p.cases.length * .8, class: (on ? 'on' : picked >= 0 ? 'dim' : '') + (far ? ' far' : ''), 'data-a': p.a, 'data-b': p.b }));
  }
  const linked = new Set(kept.filter(mine).flatMap(p => [p.a, p.b]));
  const names = [...place].map(([i, at]) => {
    const n = G.nodes[i], side = n.k === 1 ? -1 : 1;
    const g = svg('g', { transform: `translate(${side < 0 ? lx : rx} ${at})`, tabindex: 0, role: 'button', class: 'name' + (i === picked ? ' on' : picked >= 0 && !linked.has(i) ? ' dim' : ''), 'data-i': i });
    g.append(svg('title', {}, `${n.l} (${G.islands[n.h].l})`), svg('rect', { x: side < 0 ? -room - 14 : -9, y: 1 - row / 2, width: room + 24, height: row - 2, fill: 'transparent' }),
      svg('path', { d: side < 0 ? 'M0 -5.5L6 5H-6z' : 'M-5 -5H5V5H-5z', fill: G.kinds[n.k].colour }), ...nameText(n.l, side * 13, 4.5, side, room, f, narrow ? 2 : 1));
    return g;
  });
  root.append(...heads, lines, ...names);
  root.setAttribute('height', y); root.setAttribute('viewBox', `0 0 ${wide} ${y}`);
  const act = e => { const g = e.target.closest('[data-i]'); if (g) choose(+g.dataset.i); };
  root.addEventListener('click', act);
  root.addEventListener('keydown', e => { if (e.key === 'Enter' || e.key === ' ') { act(e); e.preventDefault(); } });
  const hint = e => { const g = e.target.closest('[data-i]'); for (const path of lines.children) path.classList.toggle('hot', !!g && (path.dataset.a === g.dataset.i || path.dataset.b === g.dataset.i)); };
  root.addEventListener('pointerover', hint); root.addEventListener('focusin', hint); root.addEventListener('pointerleave', hint);
  sheet.replaceChildren(el('p', { class: 'say' }, `Who works with whom: ${plural(total, 'pair takes', 'pairs take')} part in the same case. A thicker line is more cases; lines that leave a country show when an end is chosen or pointed at.${said}`), root);
}
