// A row that scrolls sideways by touch, wheel and keyboard, with buttons where a mouse has neither.
import { useEffect, useRef, useState } from "react";

export function Rail({ heading, more, label, classes, icons, children }) {
  const row = useRef(null);
  const [edges, setEdges] = useState({ start: true, end: false });
  useEffect(() => {
    const list = row.current;
    const look = () =>
      setEdges({ start: list.scrollLeft < 8, end: list.scrollLeft + list.clientWidth > list.scrollWidth - 8 });
    look();
    list.addEventListener("scroll", look, { passive: true });
    window.addEventListener("resize", look);
    return () => {
      list.removeEventListener("scroll", look);
      window.removeEventListener("resize", look);
    };
  }, []);
  const move = (by) => row.current.scrollBy({ left: by * row.current.clientWidth * 0.9, behavior: "smooth" });
  const button = (by, path, name, off) => (
    <button type="button" className={classes.button} aria-label={`${name}: ${label}`} disabled={off} onClick={() => move(by)}>
      <svg viewBox="0 0 24 24" className="size-5" fill="none" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true"><path d={path} /></svg>
    </button>
  );
  return (
    <>
      <div className={classes.head}>
        {heading}
        <div className={classes.buttons}>
          {!(edges.start && edges.end) && (
            <>
              {button(-1, icons.left, "Back", edges.start)}
              {button(1, icons.right, "Forward", edges.end)}
            </>
          )}
        </div>
      </div>
      <ul ref={row} className={classes.rail} tabIndex={0} aria-label={label}>
        {children}
      </ul>
    </>
  );
}
