// A link to a place on this page: moves there and takes the focus along, without a navigation that would load anew.
export function JumpLink({ href, className, children }) {
  const jump = (event) => {
    const target = document.getElementById(decodeURIComponent(href.slice(1)));
    if (!target) return;
    event.preventDefault();
    target.scrollIntoView({ block: "start" });
    target.focus({ preventScroll: true });
  };
  return (
    <a href={href} className={className} onClick={jump}>
      {children}
    </a>
  );
}
