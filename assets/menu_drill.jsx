// The menu of narrow screens: one list at a time. A category with others below it opens as a list of its own, with a way
// back; where one is now is marked. `children` follow the first list.
import { useEffect, useRef, useState } from "react";
import { Link, useLocation } from "react-router";

export function MenuDrill({ categories, links, classes, icons, children }) {
  const [at, setAt] = useState("");
  const box = useRef(null);
  const moved = useRef(null);
  const { pathname, search } = useLocation();
  const inside = categories?.find((one) => one.slug === at);

  const address = pathname + search;
  const isHere = (url) => url === address || (!url.includes("?") && url === pathname && !search.includes("sort="));
  const holdsHere = (one) => isHere(one.url) || one.subcategories.some((below) => isHere(below.url));

  useEffect(() => {
    setAt("");
  }, [pathname]);
  // The next time it opens it begins at the first list.
  useEffect(() => {
    const dialog = box.current.closest("dialog");
    const begin = () => setAt("");
    dialog?.addEventListener("close", begin);
    return () => dialog?.removeEventListener("close", begin);
  }, []);
  // The focus goes along: to the way back, and from there to what one came from.
  useEffect(() => {
    if (moved.current === null) return;
    box.current.querySelector(`[data-drill="${CSS.escape(moved.current)}"]`)?.focus({ preventScroll: true });
    box.current.closest("dialog")?.scrollTo(0, 0);
    moved.current = null;
  }, [at]);

  const move = (slug, focused) => {
    moved.current = focused;
    setAt(slug);
  };
  const icon = (path) => (
    <svg viewBox="0 0 24 24" className={classes.icon} fill="none" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true"><path d={path} /></svg>
  );
  const shut = (event) => event.currentTarget.closest("dialog")?.close();
  const link = (label, url, count) => (
    <li key={url}>
      <Link to={url} className={`${classes.link} ${isHere(url) ? classes.current : ""}`} aria-current={isHere(url) ? "page" : undefined} onClick={shut}>
        {label}
        {count !== undefined && <span className={classes.count}>{count}</span>}
      </Link>
    </li>
  );

  return (
    <div ref={box}>
      {inside ? (
        <nav aria-label={inside.name} className={classes.list}>
          <button type="button" data-drill="back" className={classes.back} onClick={() => move("", inside.slug)}>
            {icon(icons.left)}
            Back<span className="sr-only"> to all categories</span>
          </button>
          <h3 className={classes.title}>{inside.name}</h3>
          <ul>
            {link(`All ${inside.name}`, inside.url, inside.product_count)}
            {inside.subcategories.map((one) => link(one.name, one.url, one.product_count))}
          </ul>
        </nav>
      ) : (
        <>
          <nav aria-label="Shop" className={classes.list}>
            <ul>
              {links.map(([label, url]) => link(label, url))}
            </ul>
          </nav>
          <nav aria-label="Categories" className={classes.listBelow}>
            <ul>
              {categories?.map((one) => one.subcategories.length ? (
                <li key={one.slug}>
                  <button type="button" data-drill={one.slug} className={`${classes.link} ${holdsHere(one) ? classes.current : ""}`}
                    onClick={() => move(one.slug, "back")}>
                    {one.name}
                    {icon(icons.right)}
                  </button>
                </li>
              ) : link(one.name, one.url, one.product_count))}
            </ul>
          </nav>
          {children}
        </>
      )}
    </div>
  );
}
