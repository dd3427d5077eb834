// A real link that also works in place: a plain click runs the event and puts the address into the bar without a
// navigation, so that scroll position and focus stay; every other click (new tab, no script) is the browser's.
export function LiveLink({ href, onPress, busy, children, ...rest }) {
  const press = (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (busy) return;
    window.history.replaceState(window.history.state, "", href);
    onPress?.();
  };
  return (
    <a href={href} onClick={press} aria-busy={busy || undefined} {...rest}>
      {children}
    </a>
  );
}
