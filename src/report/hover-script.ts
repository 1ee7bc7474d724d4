/**
 * Shows the title of a mark beside the pointer at once, and under a finger, instead of the browser's own tip after a
 * while. Nothing depends on it: without scripts the browser shows the titles, and the tables hold every value.
 */
export const HOVER_SCRIPT = `(() => {
  for (const title of document.querySelectorAll('svg title')) {
    const mark = title.parentElement;
    if (mark.tagName === 'svg') {
      mark.setAttribute('aria-label', title.textContent);
      mark.removeAttribute('aria-labelledby');
    } else mark.dataset.tip = title.textContent;
    title.remove();
  }
  const tip = document.body.appendChild(document.createElement('div'));
  tip.id = 'tip';
  tip.hidden = true;
  const show = (event) => {
    const mark = event.target instanceof Element ? event.target.closest('[data-tip]') : null;
    tip.hidden = mark === null;
    if (mark === null) return;
    tip.textContent = mark.dataset.tip;
    const { width, height } = tip.getBoundingClientRect();
    const left = Math.min(event.clientX + 12, innerWidth - width - 4);
    const above = event.clientY - height - 12;
    tip.style.left = Math.max(4, left) + 'px';
    tip.style.top = (above < 4 ? event.clientY + 16 : above) + 'px';
  };
  addEventListener('pointermove', show);
  addEventListener('pointerdown', show);
  addEventListener('scroll', () => (tip.hidden = true), { passive: true });
})();`;
