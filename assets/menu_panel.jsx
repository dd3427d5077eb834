// A panel that a button opens (`popovertarget`): Esc and a press beside it close it, and so does following a link in it,
// also one to another address of the same page.
export function MenuPanel({ id, label, className, children }) {
  const follow = (event) => {
    if (event.target.closest("a[href]")) event.currentTarget.hidePopover?.();
  };
  return (
    <nav id={id} popover="auto" aria-label={label} className={className} onClick={follow}>
      {children}
    </nav>
  );
}
